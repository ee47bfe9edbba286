import { catalogueOf, type EpochMs, type KpiValue } from '@deskpulse/core'
import { expect, test } from 'vitest'
import { slowRule } from '../testing/rules.ts'
import { decideWindows } from './decide-windows.ts'
import { newWindows, type WindowsState } from './windows-state.ts'

const atMs = Date.parse('2026-03-02T10:00:00Z')
const kpi = catalogueOf().byId(slowRule.kpi)!

/** One look at a queue whose replies take so long. */
function looked(windows: WindowsState, ms: number, replyMs: number) {
  const value = { value: replyMs, count: 5, denominator: 5 } as unknown as KpiValue
  const asks = [{ rule: slowRule, kpi, slice: 'queue=a', question: 0 }]
  const look = { tenant: 'acme', timeZone: 'UTC', asks, values: [new Map([[slowRule.kpi, value]])], nowMs: (atMs + ms) as EpochMs }
  return decideWindows(windows, look)
}

test('log time that was decided about before is not decided about again: what is made again goes through it once more', () => {
  const fired = looked(newWindows(atMs as EpochMs), 5_000, 90_000)
  const over = looked(fired.state, 10_000, 1_000)
  expect([fired, over].map(({ transitions }) => transitions.map(({ status }) => status))).toEqual([['firing'], ['resolved']])
  for (const ms of [5_000, 10_000]) expect(looked(over.state, ms, 90_000)).toEqual({ state: over.state, transitions: [] })
  expect(looked(over.state, 10_001, 90_000).transitions).toMatchObject([{ status: 'firing' }])
})
