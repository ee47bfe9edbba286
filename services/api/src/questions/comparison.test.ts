import { alwaysInForce, defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf, livePlan, Rosters } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { noTurns } from '../reading/turns.ts'
import type { TenantBasis } from '../reading/tenant.ts'
import { Comparison } from './comparison.ts'

const nowMs = Date.UTC(2026, 2, 2, 9) as EpochMs
const history = alwaysInForce(defaultTenantConfig)
const { byId } = catalogueOf()
const onRoster = (rosterOf: string, role: string | null, aliases: readonly string[] = []) => ({
  ...{ rosterOf, entries: [{ from: '2026-01-01', teams: ['day'], role, aliases }] },
})
const rosters = new Rosters(
  [
    ...[onRoster('a-1', 'presales', ['a-1b']), onRoster('a-2', 'presales')],
    ...[onRoster('b-1', 'aftersales'), onRoster('n-1', null)],
  ],
  history.localTime,
)
/** Each agent has a slice of its own. */
const basis = {
  ...{ tenant: 'acme', config: defaultTenantConfig, history, rosters, logTimeMs: nowMs },
  running: [],
  valuesOf: () => ['a-1', 'a-1b', 'a-2', 'none', 'other'],
  sourcesOf: () => [{ slice: 1, during: [{ startMs: 0, endMs: Infinity }] }],
} as unknown as TenantBasis

const frame = 'now'
const comparisonFor = (kpi: string): Comparison<string> =>
  new Comparison([byId(kpi)!], basis, {
    atMs: () => nowMs,
    planOf: (question) => livePlan(question, { minutes: 5 }, nowMs),
  })
const of = (value: string) => [{ dimension: 'agent', value }] as const

test('whoever is compared is read once in a frame, with all of the role in the team, whatever of them is asked for', async () => {
  const comparison = comparisonFor('sales_index')
  const [one] = [comparison.add(of('b-1'), frame)]
  expect(one).toBeGreaterThan(0)
  expect(comparison.add(of('a-1'), frame)).toBe(2 * one)
  expect(comparison.add(of('a-2'), frame)).toBe(0)
  expect(comparison.add(of('a-2'), 'another frame')).toBe(2 * one)
  const all = await comparison.layOut(noTurns)
  expect(all.map(({ frame: at, person }) => `${at} ${person.agentId}`)).toEqual([
    ...['now b-1', 'now a-1', 'now a-2', 'another frame a-1', 'another frame a-2'],
  ])
})

test('who has no role is alone, and an alias, nobody, and what is no agent are compared with nobody', async () => {
  const comparison = comparisonFor('sales_index')
  for (const value of ['a-1b', 'none', 'other', 'nobody'])
    expect(comparison.add(of(value), frame)).toBe(0)
  expect(comparison.add([], frame)).toBe(0)
  expect(comparison.add([{ dimension: 'queue', value: 'a-1' }, ...of('a-1')], frame)).toBe(0)
  expect(comparison.add(of('n-1'), frame)).toBeGreaterThan(0)
  expect((await comparison.layOut(noTurns)).map(({ person }) => person.agentId)).toEqual(['n-1'])
})

test('nothing is read beside a slice for other KPIs', async () => {
  const comparison = comparisonFor('sales')
  expect(comparison.add(of('a-1'), frame)).toBe(0)
  expect(await comparison.layOut(noTurns)).toEqual([])
})
