import { expect, test } from 'vitest'
import { type EpochMs } from '../time/time.ts'
import { agentRule, at, contactRule } from './alert.test-support.ts'
import { deadlineRulesFor } from './deadline-rules.ts'
import { unwatched } from './deadline.ts'
import { type AlertRule, type DimensionRule, isOfInstallation } from './rule.ts'
import { shippedRules } from './shipped-rules.ts'

const shippedOf = (subject: string): AlertRule =>
  shippedRules.find((rule) => rule.kind === 'deadline' && rule.subject === subject)!
const full = shippedOf('dimension') as DimensionRule

test('each kind of subject is looked at by its own rules, in their order; those that are disabled look at none', () => {
  const second: DimensionRule = { ...full, name: 'second', enabled: true }
  const rules = [
    ...[contactRule('waits'), { ...full, enabled: true }, agentRule('breaks'), second],
    { ...full, name: 'disabled', enabled: false },
  ]
  const { dimensions, sources } = deadlineRulesFor(rules)
  const names = dimensions
    .applied({ sinceMs: at(0), nowMs: at(9) }, unwatched)
    .map(({ rule }) => rule.name)
  expect(names).toEqual([full.name, 'second'])
  expect(sources.applied({ source: '/chat', lastMs: at(0) }, unwatched)).toEqual([])
})

test.each<{ rule: string; sinceMs: EpochMs | null; alertSince: number; wanted: object }>([
  {
    rule: 'a dimension that is nearly full is so since it was',
    ...{ sinceMs: at(5), alertSince: 5 },
    wanted: { current: { sinceMs: at(5), endedMs: null }, past: [] },
  },
  {
    rule: 'one that has room is not, and what fires about it is over now',
    ...{ sinceMs: null, alertSince: 5 },
    wanted: { current: null, past: [{ sinceMs: at(5), endedMs: at(60) }] },
  },
  {
    rule: 'one that is full again was not for as long as it had room',
    ...{ sinceMs: at(30), alertSince: 5 },
    wanted: {
      current: { sinceMs: at(30), endedMs: null },
      past: [{ sinceMs: at(5), endedMs: at(30) }],
    },
  },
])('$rule', ({ sinceMs, alertSince, wanted }) => {
  const active = { number: 1, sinceMs: at(alertSince), startedMs: at(alertSince + 5), late: false }
  const watch = { active: { [full.name]: active }, counts: { [full.name]: 1 } }
  const { dimensions } = deadlineRulesFor([{ ...full, enabled: true }])
  expect(dimensions.applied({ sinceMs, nowMs: at(60) }, watch)).toMatchObject([wanted])
})

test('rules of endpoints, clocks and records are of the installation, all others of a tenant', () => {
  const windowed = shippedRules.find(({ kind }) => kind === 'windowed')!
  const subjects = ['endpoint', 'clock', 'records', 'contact', 'agent', 'source', 'dimension']
  const rules = [...subjects.map(shippedOf).filter(Boolean), windowed]
  const found = rules.filter(isOfInstallation).map((rule) => rule.subject)
  expect(found).toEqual(['endpoint', 'clock', 'records'])
})
