import { type IntradayResponse, intradaySchema, type Problem } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import type { ForecastAhead } from '@deskpulse/core/state'
import { type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const at = (text: string): EpochMs => Date.parse(`2026-03-02T${text}Z`) as EpochMs
const address = '/v1/tenants/acme/intraday'
const slices = ['all', 'queue=sales']

/** A quarter past ten. Calls came from nine on, twice as many as forecast; a forecast of ten to eleven runs, and one of noon is ahead. */
async function day(): Promise<Api> {
  const api = await openApi({ startMs: at('10:15:20.000') })
  const { floor } = api
  const counted = (fromMs: number, minutes: number, forecast: number, actual: number): void => {
    for (let minute = 0; minute < minutes; minute += 1) {
      const atMs = fromMs + minute * minuteMs
      floor.count(measures.forecastOffered, slices, forecast * 1e6, atMs)
      floor.count(measures.workloadDifference, slices, (actual - forecast) * 1e6, atMs)
      floor.count(measures.forecastTimedOffered, slices, forecast * 1e6, atMs)
      floor.count(measures.forecastWork, slices, forecast * 180_000, atMs)
      floor.count(measures.forecastAgentTime, slices, 14 * minuteMs, atMs)
    }
  }
  counted(at('09:00:00'), 30, 2, 4)
  counted(at('10:00:00'), 16, 1, 2)
  const ahead = (fromMs: EpochMs, offered: number, more: Partial<ForecastAhead>): void =>
    floor.open(
      'forecast',
      slices,
      {
        ...{ forecastId: String(fromMs), queue: 'sales', startMs: fromMs },
        ...{ endMs: (fromMs + hourMs) as EpochMs, offered: offered * 1e6 },
        ...{ workMs: null, agentMs: null, ...more },
      },
      fromMs - 48 * hourMs,
    )
  ahead(at('10:00:00'), 60, { workMs: 60 * 180_000, agentMs: 14 * hourMs })
  ahead(at('12:00:00'), 90, {})
  await floor.commit()
  return api
}

const rowAt = ({ rows }: IntradayResponse, text: string) =>
  rows.find(({ start }) => start === new Date(at(text)).toISOString())!

test('each part of the day has what was forecast, what came, and who is required', async () => {
  const { json } = await day()
  const answer = await json<IntradayResponse>(`${address}?queue=sales`)
  expect(intradaySchema.parse(answer)).toEqual(answer)
  expect(answer).toMatchObject({
    ...{ slice: 'queue=sales', period: '30m', timeZone: 'UTC', stale: false },
    serviceLevel: { share: 0.8, withinMs: 20_000 },
  })
  expect(answer.rows.length).toBe(48)
  expect(rowAt(answer, '09:00:00')).toMatchObject({
    ...{ forecastOffered: 60, actualOffered: 120, variance: 1, forecastHandleMs: 180_000 },
    ...{ requiredAgents: 9, forecastAgents: 14 },
  })
  expect(rowAt(answer, '10:00:00')).toMatchObject({
    ...{ forecastOffered: 30, actualOffered: 32, variance: 1, forecastHandleMs: 180_000 },
    ...{ requiredAgents: 5, forecastAgents: 14 },
  })
  expect(rowAt(answer, '10:30:00')).toMatchObject({
    ...{ forecastOffered: 30, actualOffered: null, variance: null, requiredAgents: 5 },
  })
  expect(rowAt(answer, '12:30:00')).toMatchObject({
    ...{ forecastOffered: 45, forecastHandleMs: null, requiredAgents: null, forecastAgents: null },
  })
  expect(rowAt(answer, '08:00:00')).toMatchObject({
    ...{ forecastOffered: null, actualOffered: 0, variance: null, requiredAgents: null },
  })
})

test('what is ahead of the day is taken to be off by as much as what has been', async () => {
  const { json } = await day()
  const { totals } = await json<IntradayResponse>(address)
  expect(totals).toEqual({
    ...{ actualToNow: 152, forecastToNow: 76, forecastDay: 76 + 44 + 90 },
    projectedDay: 152 + 2 * (44 + 90),
  })
})

test('without a handle time of the forecast that of the day counts', async () => {
  const { floor, json } = await day()
  floor.duration(measures.effectiveHandleTime, slices, 180_000)
  await floor.commit()
  const answer = await json<IntradayResponse>(address)
  expect(rowAt(answer, '12:30:00')).toMatchObject({ forecastHandleMs: null, requiredAgents: 7 })
})

test('quarter-hours add up to the same', async () => {
  const { json } = await day()
  const answer = await json<IntradayResponse>(`${address}?period=15m`)
  expect(answer.rows.length).toBe(96)
  expect(answer.rows.reduce((sum, row) => sum + (row.forecastOffered ?? 0), 0)).toBe(210)
  expect(rowAt(answer, '10:15:00')).toMatchObject({ forecastOffered: 15, actualOffered: 2 })
})

test('the same as CSV, a line for each part', async () => {
  const { get } = await day()
  const { headers, body } = await get(`${address}?queue=sales&format=csv`)
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  const lines = body.split('\r\n')
  expect(lines[0]).toBe(
    'start,end,label,slice,forecast_offered,actual_offered,variance,forecast_handle_ms,required_agents,forecast_agents',
  )
  expect(lines).toContain(
    '2026-03-02T09:00:00.000Z,2026-03-02T09:30:00.000Z,2026-03-02T09:00,queue=sales,60,120,1,180000,9,14',
  )
  expect(lines.length).toBe(50)
})

test('a day of which nothing is forecast is projected to nothing', async () => {
  const { floor, json } = await openApi()
  floor.count(measures.workloadDifference, ['all'], 3_000_000)
  await floor.commit()
  const { totals } = await json<IntradayResponse>(address)
  expect(totals).toEqual({ actualToNow: 3, forecastToNow: 0, forecastDay: 0, projectedDay: null })
})

test('a queue that nobody knows is refused', async () => {
  const { get } = await day()
  const response = await get(`${address}?queue=nowhere`)
  expect(response.statusCode).toBe(404)
  expect(response.json<Problem>()).toMatchObject({ code: 'unknown-slice' })
})
