import {
  type ExplainResponse,
  liveSchema,
  type PeriodsResponse,
  type Problem,
} from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import { expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const hour = 3_600_000
const base = '/v1/tenants/acme/kpis'
const asked = 'kpis=abandon_time,left_queue,contacts_offered,contacts_opened'

/** Two callers who came in the hour before: one gave up in that hour, one in this. */
async function abandoned(): Promise<Api> {
  const api = await openApi({})
  const { floor } = api
  const { passAbandoned, passEntered } = measures
  const nowMs = floor.nowMs()
  floor.count(passEntered, ['all'], 2, nowMs - hour)
  for (const [waitMs, endedMs] of [
    [10_000, nowMs - hour],
    [70_000, nowMs],
  ] as const) {
    floor.duration(passAbandoned, ['all'], waitMs, endedMs)
    floor.duration(passAbandoned.atEntry!, ['all'], waitMs, nowMs - hour)
  }
  await floor.commit()
  return api
}

test.each([
  { query: '', by: 'event', value: 70_000, count: 1 },
  { query: '&by=event', by: 'event', value: 70_000, count: 1 },
  { query: '&by=entry', by: 'entry', value: null, count: 0 },
])('a value of passes with "$query" is booked by $by, and says so', async (expected) => {
  const { query, ...passes } = expected
  const { json } = await abandoned()
  const answer = await json(`${base}/live?${asked}${query}`)
  expect(liveSchema.parse(answer)).toEqual(answer)
  const { abandon_time, left_queue, contacts_offered, contacts_opened } = answer.rows[0]!.kpis
  expect(abandon_time).toMatchObject(passes)
  expect(left_queue).toMatchObject({ value: 0, by: passes.by })
  for (const other of [contacts_offered, contacts_opened]) expect(other).not.toHaveProperty('by')
})

test('periods, percentiles, CSV and explain are booked as it is asked', async () => {
  const { get, json } = await abandoned()
  const periods = `${base}/periods?period=hour&from=2026-03-02T09:00:00Z&to=2026-03-02T11:00:00Z&${asked}`
  const countsBy = async (by: string) =>
    (await json<PeriodsResponse>(`${periods}&by=${by}`)).rows.map(
      ({ kpis }) => kpis['abandon_time']!.count,
    )
  expect([await countsBy('event'), await countsBy('entry')]).toEqual([
    [1, 1],
    [2, 0],
  ])
  const [before] = (await json<PeriodsResponse>(`${periods}&by=entry`)).rows
  expect(before!.kpis['abandon_time']!.p90! / 70_000).toBeCloseTo(1, 1)
  const { body } = await get(`${periods}&by=entry&format=csv`)
  const lines = body.split('\r\n').filter((line) => line.startsWith('2026-03-02T09'))
  expect(lines.find((line) => line.includes(',abandon_time,count,2,'))).toMatch(/,entry$/)
  expect(lines.find((line) => line.includes(',contacts_offered,value,2,'))).toMatch(/,$/)
  const explained = await json<ExplainResponse>(
    `${base}/explain?kpi=abandon_time&window=60m&by=entry`,
  )
  expect(explained.value).toMatchObject({ by: 'entry', count: 0 })
})

test.each(['live?by=exit', 'explain?kpi=abandon_time&by=exit'])(
  'a booking that there is not is refused: %s',
  async (path) => {
    const { get } = await openApi({})
    const response = await get(`${base}/${path}`)
    expect(response.statusCode).toBe(400)
    expect(response.json<Problem>()).toMatchObject({
      code: 'bad-request',
      errors: [{ path: 'by', expected: expect.stringMatching(/event.*entry/) as string }],
    })
  },
)
