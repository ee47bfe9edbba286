import type { PeriodsResponse, SlicesResponse } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import {
  addCount,
  emptyRecord,
  encodeRecord,
  encodeRolledTo,
  encodeRunning,
} from '@deskpulse/core/measures'
import { measureKey, rolledToKey, runningKey, sliceDaysKey } from '@deskpulse/core/state'
import { bucketStart, type EpochMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const tenant = '/v1/tenants/acme'
const dayStartMs = Date.parse('2026-03-02T00:00:00Z') as EpochMs

/** 1,000 contacts of the day in `all`, which has number 0, and these of minutes that are not yet rolled, `ago` minutes before now. */
async function running(
  ...ago: readonly number[]
): Promise<Api & { roll(upTo: number): Promise<void>; run(...ago: readonly number[]): void }> {
  const api = await openApi()
  const { floor } = api
  floor.count(measures.contactOpened, ['all'], 1_000, dayStartMs)
  function run(...minutes: readonly number[]): void {
    const starts = minutes.map(
      (n) => (bucketStart(floor.nowMs(), minuteMs) - n * minuteMs) as EpochMs,
    )
    floor.put(runningKey('acme'), encodeRunning(starts.map((startMs) => ({ startMs, dayStartMs }))))
    for (const startMs of starts) {
      const record = emptyRecord()
      for (const measure of [measures.contactOpened, measures.fcrDue, measures.fcrSolved])
        addCount(record, measure, 1)
      floor.put(measureKey('acme', 0, 'minute', startMs), encodeRecord(record))
    }
  }
  run(...ago)
  await floor.commit()
  return {
    ...api,
    run,
    async roll(upTo) {
      floor.put(rolledToKey('acme'), encodeRolledTo(upTo))
      await floor.commit()
    },
  }
}

const todayOf = async ({ json }: Api): Promise<unknown> =>
  (await json(`${tenant}/kpis/live?window=today&kpis=contacts_opened`)).rows[0]!.kpis[
    'contacts_opened'
  ]!.value

async function periodOf({ json }: Api, period: string, from: string, to: string): Promise<unknown> {
  const { rows } = await json<PeriodsResponse>(
    `${tenant}/kpis/periods?period=${period}&from=${from}&to=${to}&kpis=contacts_opened`,
  )
  return rows.map(({ kpis }) => kpis['contacts_opened']!.value)
}

test('a day, a quarter-hour and the gauge of today have what is not yet rolled', async () => {
  const api = await running(8, 1, 0)
  expect(await todayOf(api)).toBe(1_003)
  expect(await periodOf(api, 'day', '2026-03-02', '2026-03-03')).toEqual([1_003])
  expect(await periodOf(api, '15m', '2026-03-02T09:45:00Z', '2026-03-02T10:15:00Z')).toEqual([1, 2])
  expect(await api.scrape()).toContain(
    'deskpulse_kpi_fcr_gross_ratio{tenant="acme",window="today"} 1\n',
  )
})

test('an answer follows each commit: what is rolled, and minutes that begin', async () => {
  const api = await running(1)
  expect(await todayOf(api)).toBe(1_001)
  await api.roll(1) // The day's record of this floor stays as it was.
  expect(await todayOf(api)).toBe(1_000)
  await api.roll(0)
  expect(await todayOf(api)).toBe(1_001)
  api.run(1, 0)
  await api.floor.commit()
  expect(await todayOf(api)).toBe(1_002)
})

test('a slice that has nothing but records of running minutes is listed', async () => {
  const { floor, json } = await openApi()
  floor.name('queue', ['seen', 'running'])
  await floor.commit()
  const valuesOf = async (): Promise<string[]> =>
    (await json<SlicesResponse>(`${tenant}/slices?dimension=queue`)).values.map(
      ({ value }) => value,
    )
  expect(await valuesOf()).toEqual(['none'])
  floor.put(sliceDaysKey('acme'), Buffer.from('[0,-1]'))
  await floor.commit()
  expect(await valuesOf()).toEqual(['running', 'none'])
})
