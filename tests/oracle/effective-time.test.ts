import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import {
  type EpochMs,
  hourMs,
  minuteMs,
  type PeriodKind,
  periodsIn,
  secondMs,
} from '@deskpulse/core/time'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import type { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import { logOf, readerOf, tenant } from './support/folded.ts'
import { oddEvents } from './support/odd-events.ts'

const midnightMs = Date.UTC(2026, 2, 3)
/** Minutes from midnight, UTC. */
const at = (minute: number): EpochMs => (midnightMs + minute * minuteMs) as EpochMs

type Happened = readonly [minute: number, type: EventType, data: EventData]

const toldIn = (happened: readonly Happened[]): CanonicalEvent[] =>
  happened.map(([minute, type, data], n) => ({
    ...{ type, data, tenant, id: `e-${n}`, source: '/acd', sequence: '0', timeMs: at(minute) },
  }))

const folded = (
  told: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: EpochMs,
  restartAt: ReadonlySet<number> = new Set(),
): Promise<MemoryStore> =>
  foldLog(
    logOf(
      told.map((event) => ({ event, atMs: Math.min(event.timeMs, asOfMs) })),
      config,
      asOfMs,
    ),
    { batchSizes: [1], restartAt },
  )

/** A call that an agent has from one minute to another. */
const call = (id: string, queue: string, from: number, to: number, agentId = 'a-1'): Happened[] => [
  [from, 'contact.opened', { contactId: id, channel: 'voice', queue }],
  [from, 'contact.assigned', { contactId: id, agentId }],
  [to, 'contact.released', { contactId: id, agentId }],
]

test('a part over midnight takes what it took on both days, also where other workers take over', async () => {
  const happened = [...call('c-1', 'sales', -10, 10), ...call('c-2', 'sales', -5, 5)]
  const told = toldIn(happened).toSorted((a, b) => a.timeMs - b.timeMs)
  const store = await folded(told, defaultTenantConfig, at(60), new Set([2, 3, 4, 5, 6]))
  const reader = readerOf(store, defaultTenantConfig)
  const [hour] = periodsIn('hour', { startMs: at(0), endMs: at(60) }, 'UTC')
  expect(reader.period('queue=sales', hour!).get('handle_time_effective')).toMatchObject({
    count: 2,
    sum: 20 * minuteMs,
    value: 10 * minuteMs,
  })
})

test.each([
  { timeZone: 'UTC', days: [1, 1], resolved: [1, 2] },
  { timeZone: 'Asia/Shanghai', days: [1], resolved: [3] },
])(
  'calls before and after midnight in UTC are of $days.length day in $timeZone',
  async ({ timeZone, days, resolved }) => {
    const config = { ...defaultTenantConfig, timeZone }
    const happened = [
      ...call('c-1', 'sales', -20, -10),
      ...call('c-2', 'help', 10, 20),
      ...call('c-3', 'sales', 30, 40),
    ]
    const reader = readerOf(await folded(toldIn(happened), config, at(60)), config)
    const values = (slice: string) =>
      [...periodsIn('day', { startMs: at(-30), endMs: at(60) }, timeZone)].map((day) =>
        reader.period(slice, day).get('resolved_per_agent_day'),
      )
    const expected = days.map((denominator, place) => ({ numerator: resolved[place], denominator }))
    expect(values('all')).toMatchObject(expected)
    // In each queue the day counts once, at the first contact there.
    const inHelp = values('queue=help').map((value) => Number(value!.denominator))
    expect(inHelp).toEqual(days.length === 1 ? [1] : [0, 1])
  },
)

test.each(['in order', 'in reverse', 'day by day'])(
  'days of long ago whose contacts are told %s count once each',
  async (how) => {
    const config = { ...defaultTenantConfig, timeZone: 'Asia/Shanghai' }
    const days = Array.from({ length: 8 }, (_, day) => day)
    // In Shanghai each of these days begins on the UTC day before.
    const happened = days.flatMap((day) =>
      [60, 120].flatMap((minute) => {
        const from = day * 24 * 60 + minute
        return call(`c-${day}-${minute}`, 'sales', from, from + 10)
      }),
    )
    const told = toldIn(happened)
    const order = how === 'in reverse' ? told.toReversed() : told
    const laterMs = (how === 'day by day' ? 24 : 0) * hourMs
    const arrivals = order.map((event, n) => ({
      event,
      atMs: at(500 * 24 * 60) + n * secondMs + Math.floor(n / 6) * laterMs,
    }))
    const asOfMs = (arrivals.at(-1)!.atMs + hourMs) as EpochMs
    const store = await foldLog(logOf(arrivals, config, asOfMs), {
      batchSizes: [1],
      restartAt: new Set([3, 7, 12, 20, 31]),
    })
    const range = { startMs: at(0), endMs: at(8 * 24 * 60) }
    const reader = readerOf(store, config)
    const counted = [...periodsIn('day', range, config.timeZone)].map((day) => {
      const { numerator, denominator } = reader.period('all', day).get('resolved_per_agent_day')!
      return [numerator, denominator]
    })
    expect(counted.slice(0, 8)).toEqual(days.map(() => [2, 1]))
  },
)

test('the staffed time of a quarter-hour goes to the queues of its contacts, and of the running one nowhere yet', async () => {
  const told = toldIn([
    [0, 'agent.state_changed', { agentId: 'a-1', state: 'available' }],
    [0, 'agent.queue_joined', { agentId: 'a-1', queue: 'sales' }],
    ...call('c-1', 'help', 3, 6),
    [20, 'agent.state_changed', { agentId: 'a-1', state: 'offline' }],
  ])
  const seen = async (slice: string, minute: number) => {
    const reader = readerOf(
      await folded(told, defaultTenantConfig, at(minute)),
      defaultTenantConfig,
    )
    const [hour] = periodsIn('hour', { startMs: at(0), endMs: at(60) }, 'UTC')
    const { value, sum } = reader.period(slice, hour!).get('effective_staffing')!
    return [value, Number(sum) / minuteMs]
  }
  expect(await seen('all', 14)).toEqual([null, 0])
  expect(await seen('queue=help', 29)).toEqual([1, 15])
  expect(await seen('queue=sales', 29)).toEqual([0, 0])
  // Who has left by then staffed the quarter-hour all the same.
  expect(await seen('queue=sales', 30)).toEqual([5 / 30, 5])
  expect(await seen('all', 30)).toEqual([20 / 30, 20])
})

test('effective staffing of all queues, and of all agents, is that of all; and the staffed time, quarter-hour by quarter-hour', async () => {
  const startMs = Date.UTC(2026, 2, 2, 8) as EpochMs
  const dimensions = ['queue', 'agent'] as const
  const config = {
    ...defaultTenantConfig,
    slices: { ...defaultTenantConfig.slices, dimensions },
  } satisfies TenantConfig
  await fc.assert(
    fc.asyncProperty(oddEvents(startMs), async (events) => {
      const asOfMs = (startMs + 12 * hourMs) as EpochMs
      // Who is rostered under two ids is read whole under each: the ids would not add up.
      const told = events.filter(
        ({ type, timeMs }) => timeMs <= asOfMs && type !== 'agent.rostered',
      )
      fc.pre(told.length > 0)
      const reader = readerOf(await folded(told, config, asOfMs), config)
      const sumIn = (slices: readonly string[], kind: PeriodKind): number[] =>
        [...periodsIn(kind, { startMs, endMs: asOfMs }, config.timeZone)].map((period) =>
          slices.reduce((sum, slice) => {
            const value = reader.period(slice, period).get('effective_staffing')!
            return sum + Number(value.sum)
          }, 0),
        )
      for (const kind of ['15m', 'day'] as const) {
        const all = sumIn(['all'], kind)
        expect(sumIn(['queue=billing', 'queue=tech', 'queue=none'], kind)).toEqual(all)
        expect(sumIn(['agent=a-1', 'agent=a-2', 'agent=a-3'], kind)).toEqual(all)
      }
      const staffed = [...periodsIn('15m', { startMs, endMs: asOfMs }, config.timeZone)].map(
        (period) => Number(reader.period('all', period).get('occupancy')!.denominator),
      )
      expect(sumIn(['all'], '15m')).toEqual(staffed)
    }),
    { numRuns: Number(process.env['ORACLE_RUNS'] ?? 40) },
  )
})
