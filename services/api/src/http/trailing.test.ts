import {
  type ExplainResponse,
  type PeriodsResponse,
  periodsSchema,
  type Problem,
} from '@deskpulse/contract'
import { dayMs, minuteMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { answeredAfter, type Folded, folding, openFolded } from '../testing/folded.ts'

const kpis = '/v1/tenants/acme/kpis'
const daySeconds = dayMs / 1_000
/** A Monday, nine o'clock UTC. */
const { startMs } = folding

/** A contact on Monday, two on Wednesday; then days pass. */
async function aWeek(): Promise<Folded> {
  const api = await openFolded()
  await api.fold(answeredAfter('c-1', 40, 0), startMs + minuteMs)
  const wednesday = 2 * daySeconds
  const two = ['c-2', 'c-3'].flatMap((id) => answeredAfter(id, 40, wednesday))
  await api.fold(two, startMs + 2 * dayMs + minuteMs)
  return api
}

/** Minutes of log time that pass with nothing in them. */
async function pass(api: Folded, fromMs: number, minutes = 4): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) await api.fold([], fromMs + minute * minuteMs)
}

const asked = (period: string, from: string, to: string): string =>
  `${kpis}/periods?period=${period}&from=${from}&to=${to}&kpis=contacts_opened,customers_served`

async function rowsOf(api: Folded, period: string, from: string, to: string) {
  const answer = await api.json<PeriodsResponse>(asked(period, from, to))
  expect(periodsSchema.parse(answer)).toEqual(answer)
  return answer.rows.map(({ label, closed, revision, kpis: values }) => ({
    ...{ label, closed, revision },
    opened: values['contacts_opened']!.value,
  }))
}

test('each day has the days before it; such a row is closed with its last day, and issued again with any of them', async () => {
  const api = await aWeek()
  await pass(api, startMs + 4 * dayMs)
  const ofFriday = { label: '2026-02-27/2026-03-05', opened: 3 }
  expect(await rowsOf(api, 'trailing7d', '2026-03-03', '2026-03-04')).toEqual([
    { label: '2026-02-24/2026-03-02', opened: 1, closed: true, revision: 1 },
  ])
  expect(await rowsOf(api, 'trailing7d', '2026-03-06', '2026-03-08')).toEqual([
    { ...ofFriday, closed: true, revision: 1 }, // Thursday, its last day, held nothing.
    { label: '2026-02-28/2026-03-06', opened: 3, closed: false, revision: undefined }, // Friday runs.
  ])
  expect(await rowsOf(api, 'trailing30d', '2026-03-06', '2026-03-07')).toEqual([
    { label: '2026-02-04/2026-03-05', opened: 3, closed: true, revision: 1 },
  ])

  const lateMs = startMs + 4 * dayMs + 5 * minuteMs
  await api.fold(answeredAfter('c-4', 40, 60), lateMs)
  expect(await rowsOf(api, 'trailing7d', '2026-03-06', '2026-03-07')).toEqual([
    { ...ofFriday, opened: 4, closed: false, revision: 1 },
  ])
  await pass(api, lateMs + minuteMs)
  expect(await rowsOf(api, 'trailing7d', '2026-03-06', '2026-03-07')).toEqual([
    { ...ofFriday, opened: 4, closed: true, revision: 2 },
  ])
})

test('customers of several days cannot be told apart; revisions are those of the days', async () => {
  const api = await aWeek()
  const { rows } = await api.json<PeriodsResponse>(asked('trailing7d', '2026-03-06', '2026-03-07'))
  expect(rows[0]!.kpis['customers_served']).toMatchObject({
    value: null,
    reason: 'not-distinct-here',
  })
  const { statusCode, body } = await api.get(
    `${asked('trailing7d', '2026-03-06', '2026-03-07')}&revision=all`,
  )
  expect(statusCode).toBe(400)
  expect(JSON.parse(body) as Problem).toMatchObject({
    code: 'bad-request',
    errors: [{ path: 'revision' }],
  })
})

test('a row is explained by the day that it comes before', async () => {
  const api = await aWeek()
  const explained = await api.json<ExplainResponse>(
    `${kpis}/explain?kpi=contacts_opened&slice=all&period=trailing7d&from=2026-03-06`,
  )
  expect(explained.rows.map(({ row }) => row!.subjectId).toSorted()).toEqual(['c-1', 'c-2', 'c-3'])
  expect(explained.value.value).toBe(3)
})

test('pages and CSV have every row, once', async () => {
  const api = await aWeek()
  await pass(api, startMs + 4 * dayMs)
  const range = `${asked('trailing7d', '2026-03-01', '2026-03-06')}&slice=all&slice=queue=billing`
  const labels: string[] = []
  for (let url: string | undefined = `${range}&limit=3`; url !== undefined;) {
    const { rows, cursor }: PeriodsResponse = await api.json<PeriodsResponse>(url)
    labels.push(...rows.map(({ label, slice }) => `${label} ${slice}`))
    url = cursor === undefined ? undefined : `${range}&limit=3&cursor=${cursor}`
  }
  const firsts = [
    '02-22/2026-02-28',
    '02-23/2026-03-01',
    '02-24/2026-03-02',
    '02-25/2026-03-03',
    '02-26/2026-03-04',
  ]
  expect(labels).toEqual(firsts.flatMap((one) => [`2026-${one} all`, `2026-${one} queue=billing`]))
  const { body } = await api.get(`${range}&format=csv`)
  for (const one of firsts) {
    const [, end] = one.split('/')
    const closed = end! < '2026-03-02' ? 'false,' : 'true,1' // The tenant began on that Monday.
    expect(body).toContain(`,2026-${one},all,${closed},contacts_opened,value,`)
  }
})
