import {
  type ClosedResponse,
  type ExplainResponse,
  type PeriodsResponse,
  periodsSchema,
} from '@deskpulse/contract'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { dayMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { answeredAfter, type Folded, folding, openFolded } from '../testing/folded.ts'

const kpis = '/v1/tenants/acme/kpis'
const before: TenantConfig = { ...defaultTenantConfig, timeZone: 'Asia/Shanghai' }
const office = { hours: [], holidays: [], workdays: [] }
/** Chats have a minute instead of 30 s, and letters run on business time. */
const after: TenantConfig = {
  ...before,
  limits: {
    ...before.limits,
    live: { ...before.limits.live, firstResponseMs: 60_000, replyMs: 60_000 },
  },
  calendars: { office },
  calendar: 'office',
}
const startMs = folding.startMs

/** From nine UTC, five in Shanghai: a chat that waits 40 s; other limits, told at 9:20 and in force at 9:30; two that wait as long. */
async function changed(): Promise<Folded> {
  const api = await openFolded()
  await api.configure(before, startMs)
  await api.fold(answeredAfter('c-1', 40, 0), startMs + minuteMs)
  await api.configure(after, startMs + 20 * minuteMs)
  await api.fold(answeredAfter('c-2', 40, 29 * 60), startMs + 30 * minuteMs) // By the first one still.
  await api.fold(answeredAfter('c-3', 40, 30 * 60), startMs + 31 * minuteMs)
  return api
}

const within = 'answered_within_target_of_due'
async function rowsOf(api: Folded, period: string): Promise<readonly unknown[]> {
  const range = 'from=2026-03-02T09:00:00Z&to=2026-03-02T10:00:00Z'
  const answer = await api.json<PeriodsResponse>(
    `${kpis}/periods?period=${period}&${range}&kpis=response_time,${within}`,
  )
  expect(periodsSchema.parse(answer)).toEqual(answer)
  return answer.rows.map(({ label, start, kpis: values }) => {
    const { numerator, denominator } = values[within]!
    return [
      label,
      start.slice(5, 16),
      `${numerator} of ${denominator}`,
      values['response_time']!.clock,
    ]
  })
}

test.each([
  {
    period: 'hour',
    rows: [
      ['2026-03-02T17:00/2026-03-02T17:30', '03-02T09:00', '0 of 2', 'calendar'],
      ['2026-03-02T17:30/2026-03-02T17:00', '03-02T09:30', '1 of 1', 'class'],
    ],
  },
  {
    period: 'day',
    rows: [
      ['2026-03-02/2026-03-02T17:30', '03-01T16:00', '0 of 2', 'calendar'],
      ['2026-03-02T17:30/2026-03-02', '03-02T09:30', '1 of 1', 'class'],
    ],
  },
  {
    period: 'month',
    rows: [
      ['2026-03/2026-03-02T17:30', '02-28T16:00', '0 of 2', 'calendar'],
      ['2026-03-02T17:30/2026-03', '03-02T09:30', '1 of 1', 'class'],
    ],
  },
])(
  'a $period over a change of configuration is two rows, each by its own',
  async ({ period, rows }) => {
    expect(await rowsOf(await changed(), period)).toEqual(rows)
  },
)

test('each part is closed, listed and explained for itself', async () => {
  const api = await changed()
  for (const at of [startMs + dayMs, startMs + dayMs + minuteMs]) await api.fold([], at)
  const days = `${kpis}/periods?period=day&from=2026-03-02&to=2026-03-03&kpis=contacts_opened`
  const { rows } = await api.json<PeriodsResponse>(days)
  expect(
    rows.map(({ closed, kpis: values }) => [closed, values['contacts_opened']!.value]),
  ).toEqual([
    ...[
      [true, 2],
      [true, 1],
    ],
  ])
  const { rows: issued } = await api.json<ClosedResponse>(`${kpis}/closed`)
  const ofDays = issued.filter(({ kind, slice }) => kind === 'day' && slice === 'all')
  expect(ofDays.map(({ start, end, label }) => ({ start, end, label }))).toEqual(
    rows.map(({ start, end, label }) => ({ start, end, label })),
  )
  const csv = await api.get(`${days}&format=csv`)
  for (const { label } of rows) expect(csv.body).toContain(`,${label},all,true,1,contacts_opened,`)

  for (const [from, contacts] of [
    ['2026-03-02', ['c-1', 'c-2']],
    ['2026-03-02T09:30:00Z', ['c-3']],
  ] as const) {
    const explained = await api.json<ExplainResponse>(
      `${kpis}/explain?kpi=contacts_opened&slice=all&period=day&from=${from}`,
    )
    expect(explained.rows.map(({ row }) => row!.subjectId).toSorted()).toEqual(contacts)
    expect(explained.value.value).toBe(contacts.length)
  }
})

test('at the very instant of a change what happens then is in today', async () => {
  const api = await openFolded()
  await api.configure(before, startMs)
  await api.fold(answeredAfter('c-1', 40, 0), startMs + minuteMs)
  await api.configure(after, startMs + 20 * minuteMs)
  const atCut = answeredAfter('c-2', 40, 30 * 60).slice(0, 2)
  await api.fold(atCut, startMs + 30 * minuteMs)
  const { rows } = await api.json(`${kpis}/live?window=today&kpis=contacts_opened`)
  expect(rows[0]!.kpis['contacts_opened']!.value).toBe(2)
})

test('a date is that of the zone that applied then, and rows say which that was', async () => {
  const api = await openFolded()
  await api.configure(before, startMs)
  await api.fold(answeredAfter('c-1', 40, 0), startMs + minuteMs)
  await api.configure({ ...before, timeZone: 'America/New_York' }, startMs + 20 * minuteMs)
  await api.fold([], startMs + dayMs)
  const { timeZone, rows } = await api.json<PeriodsResponse>(
    `${kpis}/periods?period=day&from=2026-03-02&to=2026-03-03&kpis=contacts_opened`,
  )
  expect(timeZone).toBe('America/New_York')
  expect(rows.map((row) => [row.label, row.timeZone, row.kpis['contacts_opened']!.value])).toEqual([
    ['2026-03-02/2026-03-02T17:30', 'Asia/Shanghai', 1],
    ['2026-03-02T04:30/2026-03-02', undefined, 0],
  ])
  const explained = await api.json<ExplainResponse>(
    `${kpis}/explain?kpi=contacts_opened&slice=all&period=day&from=2026-03-02`,
  )
  expect(explained.value.value).toBe(1)
})

test('today is the whole local day; who was served in both parts of it is not to be told', async () => {
  const api = await changed()
  const { rows } = await api.json(`${kpis}/live?window=today&kpis=contacts_opened,customers_served`)
  expect(rows[0]!.kpis).toMatchObject({
    contacts_opened: { value: 3 },
    customers_served: { value: null, reason: 'not-distinct-here' },
  })
})

test('the seven days before a day are the parts around the change', async () => {
  const api = await changed()
  const { rows } = await api.json<PeriodsResponse>(
    `${kpis}/periods?period=trailing7d&from=2026-03-03&to=2026-03-04&kpis=contacts_opened`,
  )
  expect(rows.map(({ label, kpis: values }) => [label, values['contacts_opened']!.value])).toEqual([
    ['2026-02-24/2026-03-02T17:30', 2],
    ['2026-03-02T17:30/2026-03-02', 1],
  ])
})
