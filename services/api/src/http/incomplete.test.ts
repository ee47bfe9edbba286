import { encodeGaps } from '@deskpulse/contract'
import type { Gap } from '@deskpulse/core/events'
import { gapsKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { openApi } from '../testing/server.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const tenant = '/v1/tenants/acme'
const day = (from: string, to: string): string =>
  `${tenant}/kpis/periods?period=day&from=${from}&to=${to}&kpis=contacts_opened`
const live = `${tenant}/kpis/live?window=5m&kpis=contacts_opened`

const lost: Gap = {
  ...{
    topic: 'raw',
    partition: 0,
    from: 50,
    to: 120,
    number: 1,
    foundMs: at('2026-03-01T12:00:00Z'),
    acknowledged: null,
  },
  ...{ sinceMs: at('2026-03-01T10:00:00Z'), untilMs: at('2026-03-01T11:00:00Z') },
}
const incomplete = {
  since: '2026-03-01T10:00:00.000Z',
  until: '2026-03-01T11:00:00.000Z',
  records: 70,
}
const header = '2026-03-01T10:00:00.000Z/2026-03-01T11:00:00.000Z; records=70'

async function withGaps(...gaps: readonly Gap[]) {
  const { floor, get } = await openApi()
  floor.put(gapsKey, encodeGaps(gaps))
  await floor.commit()
  const missing = async (url: string): Promise<unknown> =>
    (await get(url)).json<{ incomplete?: object }>().incomplete
  return { floor, get, missing }
}

test('what is of now lacks whatever was lost, until it is acknowledged', async () => {
  const { floor, missing } = await withGaps(lost)
  const ofNow = () => Promise.all([live, `${tenant}/waiting`, `${tenant}/agents`].map(missing))
  expect(await ofNow()).toEqual([incomplete, incomplete, incomplete])
  floor.put(
    gapsKey,
    encodeGaps([
      { ...lost, acknowledged: { author: 'Li', comment: '', atMs: at('2026-03-02T09:00:00Z') } },
    ]),
  )
  await floor.commit()
  expect(await ofNow()).toEqual([undefined, undefined, undefined])
})

test.each([
  {
    rule: 'periods in which it came in lack it',
    from: '2026-03-01',
    to: '2026-03-02',
    expected: incomplete,
  },
  {
    rule: 'periods that a range is widened to, too',
    from: '2026-03-01T12:00:00Z',
    to: '2026-03-01T13:00:00Z',
    expected: incomplete,
  },
  { rule: 'periods before are whole', from: '2026-02-28', to: '2026-03-01', expected: undefined },
  { rule: 'periods after are whole', from: '2026-03-02', to: '2026-03-03', expected: undefined },
])('$rule', async ({ from, to, expected }) => {
  const { get, missing } = await withGaps(lost)
  expect(await missing(day(from, to))).toEqual(expected)
  const csv = await get(`${day(from, to)}&format=csv`)
  expect(csv.headers['deskpulse-incomplete']).toBe(expected === undefined ? undefined : header)
})

test('live CSV says it in its header, and has another tag once it is acknowledged', async () => {
  const { floor, get } = await withGaps(lost)
  const before = (await get(`${live}&format=csv`)).headers
  expect(before['deskpulse-incomplete']).toBe(header)
  floor.put(gapsKey, encodeGaps([]))
  await floor.commit()
  const after = (await get(`${live}&format=csv`)).headers
  expect(after['deskpulse-incomplete']).toBeUndefined()
  expect(after['etag']).not.toBe(before['etag'])
})

test('several gaps are one', async () => {
  const later: Gap = {
    ...lost,
    topic: 'log',
    to: 51,
    sinceMs: at('2026-03-02T08:00:00Z'),
    untilMs: at('2026-03-02T09:00:00Z'),
  }
  const { missing } = await withGaps(lost, later)
  expect(await missing(live)).toEqual({
    since: incomplete.since,
    until: '2026-03-02T09:00:00.000Z',
    records: 71,
  })
})
