import type { WindowedRule } from '@deskpulse/core/alerts'
import { catalogueOf, type KpiValue } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { slowRule } from '../testing/rules.ts'
import { decideWindows } from './decide-windows.ts'
import { newWindows, type WindowsState } from './windows-state.ts'

const atMs = Date.parse('2026-03-02T10:00:00Z')
const kpi = catalogueOf().byId(slowRule.kpi)!

/** One look at a queue whose replies take so long. `rule: null`: nobody asks. */
function looked(
  windows: WindowsState,
  ms: number,
  replyMs: number,
  rule: WindowedRule | null = slowRule,
) {
  const value = { value: replyMs, count: 5, denominator: 5 } as unknown as KpiValue
  const asks = rule === null ? [] : [{ rule, kpi, slice: 'queue=a', question: 1 }]
  const values = [new Map(), new Map([[slowRule.kpi, value]])]
  return decideWindows(windows, {
    tenant: 'acme',
    timeZone: 'UTC',
    asks,
    values,
    nowMs: (atMs + ms) as EpochMs,
  })
}
const begin = newWindows(atMs as EpochMs)
const key = 'response-time queue=a'

test('log time that was decided about before is not decided about again: what is made again goes through it once more', () => {
  const fired = looked(newWindows(atMs as EpochMs), 5_000, 90_000)
  const over = looked(fired.state, 10_000, 1_000)
  expect([fired, over].map(({ transitions }) => transitions.map(({ status }) => status))).toEqual([
    ['firing'],
    ['resolved'],
  ])
  for (const ms of [5_000, 10_000])
    expect(looked(over.state, ms, 90_000)).toEqual({ state: over.state, transitions: [] })
  expect(looked(over.state, 10_001, 90_000).transitions).toMatchObject([{ status: 'firing' }])
})

test('an alert that nobody asks about any more is taken back with what it said as it began, and numbers go on', () => {
  const fired = looked(begin, 5_000, 90_000)
  const gone = looked(fired.state, 10_000, 1_000, null)
  const { startedMs, number } = fired.transitions[0]!
  const said = {
    severity: 'warning',
    slice: 'queue=a',
    value: 90_000,
    limit: 30_000,
    unit: 'ms',
    kpi: 'response_time',
  }
  expect(gone.transitions).toMatchObject([
    { ...said, number, status: 'resolved', end: 'withdrawn', startedMs, endedMs: atMs + 10_000 },
  ])
  expect(gone.state.entries[key]).toMatchObject({ state: { phase: 'ok', number }, facts: null })
  expect(looked(gone.state, 15_000, 90_000).transitions).toMatchObject([
    { status: 'firing', number: number + 1 },
  ])
})

test('what an alert says is kept as it began while it fires and while it recovers, and is forgotten when it is over', () => {
  const rule = { ...slowRule, keepFiringForMs: 60_000 }
  const fired = looked(begin, 5_000, 90_000, rule)
  const firing = looked(fired.state, 10_000, 70_000, rule)
  const recovering = looked(firing.state, 15_000, 1_000, rule)
  const over = looked(recovering.state, 75_000, 1_000, rule)
  const facts = [fired, firing, recovering].map(({ state }) => state.entries[key]?.facts)
  expect(facts.map((one) => one?.value)).toEqual([90_000, 90_000, 90_000])
  expect(over.transitions).toMatchObject([{ end: 'over', value: 1_000 }])
  expect(over.state.entries[key]?.facts).toBeNull()
})

test('what was about to fire when nobody asked any more is told to nobody', () => {
  const pending = looked(begin, 5_000, 90_000, { ...slowRule, forMs: 60_000 })
  expect(pending.state.entries[key]).toMatchObject({ state: { phase: 'pending' }, facts: null })
  const gone = looked(pending.state, 10_000, 90_000, null)
  expect([pending.transitions, gone.transitions, gone.state.entries]).toEqual([[], [], {}])
})

test('outside of the hours of its rule nothing fires, and what does is taken back', () => {
  const night = {
    ...slowRule,
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 60 }],
  }
  expect(looked(begin, 5_000, 90_000, night).transitions).toEqual([])
  expect(
    looked(looked(begin, 5_000, 90_000).state, 10_000, 90_000, night).transitions,
  ).toMatchObject([{ end: 'withdrawn' }])
})

test('a look that tells nothing leaves the moment of the last one that did', () => {
  expect(looked(begin, 5_000, 1_000).state.decidedMs).toBeNull()
  const fired = looked(begin, 5_000, 90_000)
  expect([fired, looked(fired.state, 10_000, 90_000)].map(({ state }) => state.decidedMs)).toEqual([
    atMs + 5_000,
    atMs + 5_000,
  ])
})
