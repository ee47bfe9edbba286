import { parseConfig } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { KpiValue } from '@deskpulse/core/kpis'
import { type EpochMs, periodsIn } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import { logOf, readerOf, tenant } from './support/folded.ts'

type Told = readonly [time: string, type: CanonicalEvent['type'], data: CanonicalEvent['data']]

/** From the file's one line to the values of a day, by the clock of Shanghai. */
async function dayOf(
  preset: string | object,
  told: readonly Told[],
): Promise<Map<string, KpiValue>> {
  const raw = { tenants: { [tenant]: { preset, timeZone: 'Asia/Shanghai' } } }
  const parsed = parseConfig(raw)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const { config } = parsed.config.tenants[tenant]!
  const at = (time: string): EpochMs => Date.parse(`2026-01-07T${time}+08:00`) as EpochMs
  const arrivals = told.map(([time, type, data], nth) => {
    const timeMs = at(time)
    const event = { type, id: `e-${nth}`, source: '/test', sequence: `${nth}`, tenant, timeMs }
    return { atMs: timeMs, event: { ...event, data: { contactId: 'c-1', ...data } } }
  })
  const asOfMs = at('23:59:59')
  const store = await foldLog(logOf(arrivals, config, asOfMs), { batchSizes: [1] })
  const [day] = periodsIn(
    'day',
    { startMs: asOfMs, endMs: (asOfMs + 1) as EpochMs },
    config.timeZone,
  )
  return readerOf(store, config).period('all', day!)
}

const chat = (time: string): Told => [
  time,
  'contact.opened',
  { channel: 'chat', customerId: 'u-1' },
]
const asks = (time: string): Told => [time, 'message.sent', { from: 'customer' }]
const answers = (time: string): Told => [time, 'message.sent', { from: 'agent', agentId: 'a-1' }]
const call = (time: string, contactId: string): Told => [
  time,
  'contact.opened',
  { contactId, channel: 'voice', queue: 'line' },
]
const takes = (time: string, contactId: string): Told => [
  time,
  'contact.assigned',
  { contactId, agentId: 'a-1' },
]

/** `numerator of denominator`. */
function partOf(values: Map<string, KpiValue>, id: string): string {
  const { numerator, denominator } = values.get(id)!
  return `${numerator} of ${denominator}`
}

/** The very example that merchants are given: http://dingjiuxi.cn/tbnews/14066.html. */
describe.each(['taobao', { name: 'taobao', date: '2023-04-02' }])(
  'taobao counts rounds (%j)',
  (preset) => {
    const late = [chat('10:10:15'), asks('10:10:15'), asks('10:15:20'), answers('10:18:10')]

    test('asked twice and answered late: 0 of 1', async () => {
      expect(partOf(await dayOf(preset, late), 'answered_within_180s_of_due')).toBe('0 of 1')
    })

    test('and a second round that is answered in time: 1 of 2', async () => {
      const values = await dayOf(preset, [...late, asks('10:18:30'), answers('10:19:00')])
      expect(partOf(values, 'answered_within_180s_of_due')).toBe('1 of 2')
      // 475 s and 30 s.
      expect(values.get('response_time_capped')).toMatchObject({ count: 2, sum: 505_000 })
    })

    test('ten questions and no answer until midnight: 0 of 1, and the cap once', async () => {
      const questions = Array.from({ length: 10 }, (_, nth) => asks(`10:10:${15 + nth}`))
      const values = await dayOf(preset, [chat('10:10:15'), ...questions])
      expect(partOf(values, 'answered_within_180s_of_due')).toBe('0 of 1')
      expect(values.get('response_time_capped')).toMatchObject({
        ...{ count: 1, sum: 600_000, value: 600_000 },
      })
    })
  },
)

test('taobao has 23:00 to 24:00 in its rule of 2023, and not in that of 2025', async () => {
  const night = [chat('23:30:00'), asks('23:30:00'), answers('23:30:20')]
  const of = async (preset: string | object) =>
    partOf(await dayOf(preset, night), 'answered_within_180s_of_due')
  expect(await of({ name: 'taobao', date: '2023-04-02' })).toBe('1 of 1')
  expect(await of('taobao')).toBe('0 of 0')
})

test.each(['23:00:00', '00:30:00', '08:59:59'])(
  'jd has what begins at %s in no KPI of response',
  async (time) => {
    const values = await dayOf('jd', [chat(time), asks(time)])
    const ids = [
      ...['first_response_time', 'response_time', 'answered_within_target_of_answered'],
      ...['answered_within_target_of_due', 'answered_within_30s_of_due'],
      ...['first_answered_within_target_of_due', 'response_time_capped'],
      ...['sessions_within_mean_rate', 'customers_without_miss_rate', 'reply_rate'],
      ...['after_hours_response_time', 'after_hours_answered_within_target_of_due'],
    ]
    for (const id of ids) expect([id, values.get(id)?.value]).toEqual([id, null])
    for (const id of ['replies_missed', 'replies_cancelled', 'late_replied_customers'])
      expect([id, values.get(id)?.value]).toEqual([id, 0])
    expect(values.get('contacts_opened')?.value).toBe(1)
  },
)

test('jd judges the first reply of what begins at 09:00 by 30 s', async () => {
  const values = await dayOf('jd', [chat('09:00:00'), asks('09:00:00'), answers('09:00:30')])
  expect(partOf(values, 'first_answered_within_target_of_due')).toBe('1 of 1')
})

test('pdd counts customers, each once a day, and one miss is enough', async () => {
  const other = (told: Told): Told => [told[0], told[1], { ...told[2], contactId: 'c-2' }]
  const values = await dayOf('pdd', [
    ...[chat('10:00:00'), asks('10:00:00'), answers('10:03:00')],
    ...[asks('11:00:00'), answers('11:03:01'), asks('12:00:00'), answers('12:00:01')],
    other(['13:00:00', 'contact.opened', { channel: 'chat', customerId: 'u-2' }]),
    ...[asks('13:00:00'), answers('13:03:00')].map(other),
  ])
  expect(partOf(values, 'customers_without_miss_rate')).toBe('1 of 2')
  expect(values.get('late_replied_customers')?.value).toBe(1)
  expect(values.get('customers_without_miss_rate')?.target).toEqual({ min: 0.5 })
})

test('douyin counts sessions', async () => {
  const values = await dayOf('douyin', [
    ...[chat('10:00:00'), asks('10:00:00'), answers('10:03:00')],
    ['10:05:00', 'contact.resolved', {}],
  ])
  expect(partOf(values, 'sessions_within_mean_rate')).toBe('1 of 1')
})

test('gov12345 has the share of calls that are answered within 15 s and 20 s', async () => {
  const values = await dayOf('gov12345', [
    ...[call('03:00:00', 'c-1'), takes('03:00:15', 'c-1')],
    ...[call('04:00:00', 'c-2'), takes('04:00:20', 'c-2')],
    ...[call('05:00:00', 'c-3'), takes('05:00:21', 'c-3')],
  ])
  expect(partOf(values, 'service_level_15s_of_offered')).toBe('1 of 3')
  expect(partOf(values, 'service_level_20s_of_offered')).toBe('2 of 3')
  expect(values.get('abandon_rate')?.target).toEqual({ max: 0.05 })
})
