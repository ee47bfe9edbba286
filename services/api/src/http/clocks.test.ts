import { type ExplainResponse, liveSchema, type PeriodsResponse } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import { expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const hour = 3_600_000
const slices = ['all', 'class=deferred']
const office = { hours: [], holidays: [], workdays: [] }

/** An e-mail answered on the next morning: 15 hours later, an hour of which was open. A chat answered in the same minute. */
async function answered(config: Parameters<typeof openApi>[0] = {}): Promise<Api> {
  const api = await openApi(config)
  const { floor } = api
  const { replyTime } = measures
  floor.duration(replyTime, slices, hour)
  floor.duration(replyTime, ['all', 'class=live'], 30_000)
  floor.duration(replyTime.shifts!.calendar, slices, 15 * hour)
  floor.duration(replyTime.shifts!.calendar, slices, hour, floor.nowMs(), -1)
  await floor.commit()
  return api
}

const withCalendar = { config: { calendars: { office }, calendar: 'office' } }
const live = '/v1/tenants/acme/kpis/live?kpis=response_time,contacts_opened'

test.each([
  { slice: 'class=deferred', asked: '', value: hour, clock: 'business' },
  { slice: 'class=deferred', asked: '&clock=calendar', value: 15 * hour, clock: 'calendar' },
  { slice: 'class=deferred', asked: '&clock=business', value: hour, clock: 'business' },
  { slice: 'class=live', asked: '', value: 30_000, clock: 'calendar' },
  { slice: 'all', asked: '', value: (hour + 30_000) / 2, clock: 'class' },
  { slice: 'all', asked: '&clock=calendar', value: (15 * hour + 30_000) / 2, clock: 'calendar' },
])('$slice$asked is on $clock time, and says so', async ({ slice, asked, value, clock }) => {
  const { json } = await answered(withCalendar)
  const answer = await json(`${live}&slice=${slice}${asked}`)
  expect(liveSchema.parse(answer)).toEqual(answer)
  expect(answer.rows[0]?.kpis).toMatchObject({ response_time: { value, clock } })
  expect(answer.rows[0]?.kpis['contacts_opened']).not.toHaveProperty('clock')
})

test('percentiles and periods are of the clock that is asked for, and so is CSV', async () => {
  const { get, json } = await answered(withCalendar)
  const periods =
    '/v1/tenants/acme/kpis/periods?period=day&from=2026-03-02&to=2026-03-03&slice=class=deferred&kpis=response_time'
  const kpiOn = async (clock: string) =>
    (await json<PeriodsResponse>(`${periods}&clock=${clock}`)).rows[0]?.kpis['response_time']
  const [calendar, business] = [await kpiOn('calendar'), await kpiOn('business')]
  expect([calendar?.count, business?.count]).toEqual([1, 1])
  expect(Math.abs(calendar!.p90! - 15 * hour)).toBeLessThan(0.01 * 15 * hour)
  expect(Math.abs(business!.p90! - hour)).toBeLessThan(0.01 * hour)
  const { body } = await get(`${periods}&clock=calendar&format=csv`)
  expect(body).toContain(`response_time,value,${15 * hour},ms,,calendar,`)
})

test('the age of the backlog is on the clock that is asked for, and the contacts behind it add up to it', async () => {
  const everyDay = [1, 2, 3, 4, 5, 6, 7]
  const hours = [{ days: everyDay, fromMinute: 9 * 60, toMinute: 17 * 60 }]
  const nineToFive = { hours, holidays: [], workdays: [] }
  const { floor, json } = await openApi({
    config: { calendars: { nineToFive }, calendar: 'nineToFive', timeZone: 'UTC' },
  })
  for (const [contactId, ageMs] of [
    ['c-1', 24 * hour],
    ['c-2', 72 * hour],
  ] as const) {
    const row = { contactId, dueAtMs: floor.nowMs(), first: false, channel: 'email' }
    floor.open('backlog', slices, row, floor.nowMs() - ageMs)
  }
  await floor.commit()
  const kpis = '/v1/tenants/acme/kpis'
  for (const [clock, aDayMs] of [
    ['calendar', 24 * hour],
    ['business', 8 * hour],
  ] as const) {
    const live = await json(`${kpis}/live?kpis=backlog_age,backlog&slice=all&clock=${clock}`)
    const age = live.rows[0]!.kpis['backlog_age']!
    expect(age).toMatchObject({ value: 2 * aDayMs, count: 2, sum: 4 * aDayMs, clock })
    expect(Math.abs(age.p90! - 3 * aDayMs)).toBeLessThan(0.01 * 3 * aDayMs)
    const behind = await json<ExplainResponse>(`${kpis}/explain?kpi=backlog_age&clock=${clock}`)
    expect(behind).toMatchObject({
      value: age,
      sums: { count: 2, sum: 4 * aDayMs },
      rows: [
        { sum: 3 * aDayMs, durationMs: 3 * aDayMs, open: { kind: 'backlog', contactId: 'c-2' } },
        { sum: aDayMs, durationMs: aDayMs, open: { kind: 'backlog', contactId: 'c-1' } },
      ],
    })
  }
})

test('what is past its limit is said by the ages of the backlog, and opens into those contacts', async () => {
  const { floor, json } = await openApi()
  for (const [contactId, ageMs, limitMs] of [
    ['c-1', 24 * hour, 24 * hour],
    ['c-2', 72 * hour, 24 * hour],
    ['c-3', 23 * hour, 24 * hour],
    ['c-4', 72 * hour, undefined],
  ] as const) {
    const row = { contactId, dueAtMs: floor.nowMs(), first: false, channel: 'email' }
    floor.open('backlog', slices, row, floor.nowMs() - ageMs, limitMs)
  }
  await floor.commit()
  const kpis = '/v1/tenants/acme/kpis'
  const ids = 'backlog,backlog_overdue,backlog_cycles_late'
  const answer = await json(`${kpis}/live?kpis=${ids}&slice=all`)
  expect(answer.rows[0]!.kpis).toMatchObject({
    backlog: { value: 4 },
    backlog_overdue: { value: 2, status: 'breach' },
    backlog_cycles_late: { value: 1, count: 2, unit: 'index' },
  })
  const rows = [
    { durationMs: 72 * hour, open: { kind: 'backlog.overdue', contactId: 'c-2' } },
    { durationMs: 24 * hour, open: { kind: 'backlog.overdue', contactId: 'c-1' } },
  ]
  const explain = (kpi: string) => json<ExplainResponse>(`${kpis}/explain?kpi=${kpi}`)
  expect(await explain('backlog_overdue')).toMatchObject({ sums: { value: 2 }, rows })
  expect(await explain('backlog_cycles_late')).toMatchObject({ sums: { count: 2 }, rows })
  await floor.commit()
  floor.wait(2 * hour)
  await floor.commit()
  const later = await json(`${kpis}/live?kpis=${ids}&slice=all`)
  expect(later.rows[0]!.kpis['backlog_overdue']).toMatchObject({ value: 3 })
})
