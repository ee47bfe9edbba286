import { type AlertRule, type RuleProposal, shippedRules } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { agentRule, contactRule, sourceRule } from '../testing/alert-log.ts'
import { TenantRules } from './tenant-rules.ts'

const nowMs = 1_772_442_900_000 as EpochMs

let proposals = 0
const proposal = (predecessor: string | null, ...own: readonly AlertRule[]): RuleProposal => {
  return { id: `v-${(proposals += 1)}`, predecessor, origin: 'api', author: 'ann', base: [], own }
}

/** Rules after these versions, one after another. */
function versions(...sets: readonly (readonly AlertRule[])[]): TenantRules {
  const rules = new TenantRules(null)
  let before: string | null = null
  for (const set of sets) {
    const next = proposal(before, ...set)
    expect(rules.propose(next, nowMs).kind).toBe('taken')
    before = next.id
  }
  return rules
}

test('until a version comes the shipped rules are in force', () => {
  const rules = new TenantRules(null)
  expect(rules.count).toBe(shippedRules.length)
  expect(
    (['contact', 'source', 'dimension', 'agent'] as const).map((subject) => rules.watches(subject)),
  ).toEqual([true, true, true, false])
  expect(rules.ruleOf('silent-source', 'source')).toBe(
    shippedRules.find(({ name }) => name === 'silent-source'),
  )
})

test('a version is in force at once, is written once, and goes on from what is stored', () => {
  const rules = versions([agentRule('resting')])
  const stored = rules.takeChange()
  expect(rules.takeChange()).toBeNull()
  for (const one of [rules, new TenantRules(stored)]) {
    expect([one.count, one.watches('agent'), one.watches('contact')]).toEqual([1, true, false])
    expect(one.ruleOf('resting', 'agent')).toEqual(agentRule('resting'))
  }
})

test('what is no next version changes nothing, and says why', () => {
  const rules = versions([agentRule('resting')])
  rules.takeChange()
  const current = proposals
  const refused = [
    { given: { ...proposal(null), id: `v-${current}` }, outcome: { kind: 'known' } },
    {
      given: proposal('v-0', sourceRule('silent')),
      outcome: { kind: 'conflict', current: `v-${current}` },
    },
    {
      given: proposal(`v-${current}`, contactRule('slow', { slice: 'team=x' })),
      outcome: { kind: 'unreadable' },
    },
  ]
  for (const { given, outcome } of refused)
    expect(rules.propose(given, nowMs)).toMatchObject(outcome)
  expect([
    rules.count,
    rules.watches('agent'),
    rules.watches('contact'),
    rules.takeChange(),
  ]).toEqual([1, true, false, null])
})

test('a rule that is off is watched for nothing, and is known all the same', () => {
  const rules = versions([agentRule('resting', { enabled: false }), contactRule('slow')])
  expect([rules.watches('agent'), rules.watches('contact'), rules.count]).toEqual([false, true, 2])
  expect(rules.ruleOf('resting', 'agent')?.enabled).toBe(false)
})

test('a rule that is gone is known as it last was, the shipped ones too', () => {
  const rules = versions(
    [agentRule('resting', { limitMs: 1 })],
    [agentRule('resting', { limitMs: 2 })],
    [],
  )
  expect(rules.ruleOf('resting', 'agent')?.limitMs).toBe(2)
  expect(rules.ruleOf('silent-source', 'source')?.limitMs).toBe(600_000)
})

test('a rule is of its own subject alone, and what no fold decides is none', () => {
  const rules = versions([agentRule('resting')])
  expect(rules.ruleOf('resting', 'contact')).toBeNull()
  expect(rules.ruleOf('never', 'agent')).toBeNull()
  const shipped = new TenantRules(null)
  const foreign = ['pipeline-stalled', 'endpoint-disabled', 'response-time']
  expect(foreign.map((name) => shipped.ruleOf(name, 'contact'))).toEqual([null, null, null])
})
