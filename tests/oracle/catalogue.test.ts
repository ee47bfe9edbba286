import { expect, test } from 'vitest'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { momentValues } from './batch/moment-values.ts'
import { windowValues } from './batch/values.ts'
import { worldOf } from './batch/world.ts'
import { sliceOf } from './support/folded.ts'

/** KPIs that the oracle does not compute, and why. */
const erlang =
  'Erlang C over measures that it proves: packages/core/src/families/staffing.test.ts and workforce/erlang-c.test.ts'
const unproven: Readonly<Record<string, string>> = {
  required_agents: erlang,
  staffing_gap: erlang,
  sales_index:
    'a quotient of sales that it proves: packages/core/src/scorecards/sales-index.test.ts, services/api/src/http/sales-index.test.ts',
}

const world = worldOf([], defaultTenantConfig, 0)
const hour = { startMs: 0 as EpochMs, endMs: 3_600_000 as EpochMs }
const proven = {
  window: windowValues(world, sliceOf('all'), hour, true),
  now: momentValues(world, sliceOf('all')),
}
const { kpis } = catalogueOf()

test.each(kpis)('$id is compared with the oracle, or said to be unproven', ({ id, span }) => {
  expect(proven[span].has(id) || id in unproven).toBe(true)
})

test('the oracle computes no KPI that there is not, and none that is said to be unproven', () => {
  const computed = [...proven.window.keys(), ...proven.now.keys()]
  expect(new Set(computed).intersection(new Set(Object.keys(unproven)))).toEqual(new Set())
  expect(new Set([...computed, ...Object.keys(unproven)])).toEqual(
    new Set(kpis.map(({ id }) => id)),
  )
})
