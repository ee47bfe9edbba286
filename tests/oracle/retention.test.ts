import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import type { KpiValue } from '@deskpulse/core/kpis'
import { type ClosedKind, type EpochMs, type Period, periodAt } from '@deskpulse/core/time'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import { retentionValues } from './batch/retention.ts'
import { worldOf } from './batch/world.ts'
import { differences } from './support/compare.ts'
import { logOf, readerOf, sliceOf } from './support/folded.ts'

const [hour, day] = [3_600_000, 86_400_000]
/** More by hand: `ORACLE_RUNS=2000`. A failure prints its seed. */
const runs = Number(process.env['ORACLE_RUNS'] ?? 50)

const config: TenantConfig = {
  ...defaultTenantConfig,
  slices: {
    ...defaultTenantConfig.slices,
    dimensions: ['queue', 'agent', 'shop'],
    pairs: [['shop', 'agent']],
    values: { shop: ['s-1', 's-2'] },
  },
}
const slices = [
  ...['all', 'agent=a-1', 'agent=none', 'shop=s-1', 'shop=s-2', 'shop=other'],
  'shop=s-1,agent=a-1',
]

type Told = {
  readonly type?: EventType
  readonly afterMs: number
  readonly lateMs: number
  readonly data: CanonicalEvent['data']
}

/** Who buys now and then: again within the hour, the next day, or a year later. */
const orders: fc.Arbitrary<Told[]> = fc.array(
  fc.record({
    afterMs: fc.constantFrom(
      ...[0, 0.4 * hour, hour, 5 * hour, day, 6 * day, 29 * day, 85 * day, 360 * day],
    ),
    lateMs: fc.constantFrom(0, 0, 0, 45_000, 3 * hour, 2 * day, 20 * day, 34 * day),
    data: fc.record({
      customerId: fc.constantFrom('u-1', 'u-1', 'u-2'),
      agentId: fc.constantFrom('a-1', 'a-1', 'a-2', undefined),
      shop: fc.constantFrom('s-1', 's-1', 's-2', 's-3', 's-4', undefined),
    }),
  }),
  { minLength: 2, maxLength: 12 },
)

/** Who is under contract, leaves and starts anew: some of it told twice, in another order, or of long before. */
const anyContracts: fc.Arbitrary<Told[]> = fc.array(
  fc.record({
    type: fc.constantFrom<EventType>('customer.started', 'customer.started', 'customer.left'),
    afterMs: fc.constantFrom(0, 0.4 * hour, hour, 5 * hour, day, 6 * day, 29 * day),
    lateMs: fc.constantFrom(0, 0, 0, 45_000, 3 * hour, 2 * day, 20 * day, 60 * day),
    data: fc.record({
      customerId: fc.constantFrom('u-1', 'u-1', 'u-2', 'u-3'),
      goesOn: fc.constantFrom(undefined, undefined, true),
    }),
  }),
  { minLength: 1, maxLength: 8 },
)
// What is later than the horizon of a timeline is the first that is told of a customer.
const contracts = anyContracts.map((told) =>
  told.map((one, nth) =>
    one.lateMs <= 2 * day ? one : { ...one, data: { ...one.data, customerId: `late-${nth}` } },
  ),
)

function arrivalsOf(told: readonly Told[], startMs: number, kind = 'o') {
  let atMs = startMs
  return told.map(({ afterMs, type = 'order.paid', data, lateMs }, nth) => {
    atMs += afterMs
    const order = { orderId: `o-${nth}`, money: { amountMinor: 100, currency: 'CNY' } }
    const event: CanonicalEvent = {
      ...{ type, id: `${kind}-${nth}`, source: '/shop', sequence: '0', tenant: 'acme' },
      timeMs: atMs as EpochMs,
      data: type === 'order.paid' ? { ...data, ...order } : data,
    }
    return { event, atMs: atMs + lateMs }
  })
}

/** Those that hold one of the instants, and the ones that follow them, as far as they have begun. */
function periodsAround(
  kind: ClosedKind,
  instants: readonly EpochMs[],
  timeZone: string,
  asOfMs: number,
): Period[] {
  const found = instants
    .map((atMs) => periodAt(kind, atMs, timeZone))
    .flatMap((period) => [period, periodAt(kind, period.endMs, timeZone)])
  const byStart = new Map(found.map((period) => [period.startMs, period]))
  return [...byStart.values()].filter(({ startMs }) => startMs <= asOfMs)
}

const zones = [
  { timeZone: 'UTC', start: '2026-03-02T08:00:00Z' },
  { timeZone: 'Asia/Shanghai', start: '2026-12-30T15:40:00Z' },
  { timeZone: 'America/New_York', start: '2026-10-31T23:30:00Z' },
  { timeZone: 'Asia/Kathmandu', start: '2026-06-30T17:30:00Z' },
]

const kindsSeen = new Set<string>()
function note(kind: string, { numerator, denominator, basis }: KpiValue): void {
  if (Number(numerator) > 0) kindsSeen.add(`${kind}, ${basis} again`)
  if (Number(numerator) < Number(denominator)) kindsSeen.add(`${kind}, ${basis} not again`)
}

type Arrivals = ReturnType<typeof arrivalsOf>

/** In every slice, and in every period around what was told. */
async function expectAsOracle(
  arrivals: Arrivals,
  timeZone: string,
  asOfMs: number,
  batchSizes: readonly number[],
): Promise<void> {
  const inZone = { ...config, timeZone }
  const log = logOf(arrivals, inZone, asOfMs)
  const store = await foldLog(log, { batchSizes, restartAt: new Set([2, 5]) })
  const events = arrivals.map(({ event }) => event)
  const world = worldOf(events, inZone, asOfMs)
  const reader = readerOf(store, inZone, 'acme', false)
  const told = events.map(({ timeMs }) => timeMs)
  const wrong: string[] = []
  for (const kind of ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const) {
    const kept = kind === 'hour' ? told.filter((atMs) => atMs > asOfMs - 7 * day) : told
    for (const period of periodsAround(kind, kept, timeZone, asOfMs)) {
      for (const slice of slices) {
        const expected = new Map(retentionValues(world, sliceOf(slice), period))
        const seen = reader.period(slice, period)
        wrong.push(...differences(`${slice} ${kind} ${period.label}`, seen, expected))
        note(kind, seen.get('customer_retention')!)
      }
    }
  }
  expect(wrong).toEqual([])
}

/** A contract that ends so many days later, or does not: in another year, where the log begins at the end of one. Chance alone would not always come by it. */
function lasting(days: number): [Told[], Told[], number, readonly [1]] {
  const [data, lateMs] = [{ customerId: 'u-1' }, 0]
  const started: Told = { afterMs: 0, type: 'customer.started', data, lateMs }
  const left: Told = { afterMs: days * day, type: 'customer.left', data, lateMs }
  return [days === Infinity ? [started] : [started, left], [], 31 * day, [1]]
}

const laterMs = fc.constantFrom(0, 10_000, hour, day, 31 * day, 370 * day)
/** As often as days pass with contracts, something is folded. */
const soonMs = fc.constantFrom(0, 10_000, hour, day, 31 * day)
const one = orders.map((told) => told.slice(0, 1))
const sizes = fc.constantFrom([1], [3, 1], [100])

test.each(zones)(
  'who paid in a period, and in the one before it, is as the oracle says: $timeZone, from $start',
  async ({ timeZone, start }) => {
    await fc.assert(
      fc.asyncProperty(orders, laterMs, sizes, async (told, afterMs, batchSizes) => {
        const arrivals = arrivalsOf(told, Date.parse(start))
        const asOfMs = Math.max(...arrivals.map(({ atMs }) => atMs)) + afterMs
        await expectAsOracle(arrivals, timeZone, asOfMs, batchSizes)
      }),
      { numRuns: runs },
    )
  },
)

test.each(zones)(
  'who is under contract when a period begins, and when it ends, is as the oracle says: $timeZone, from $start',
  async ({ timeZone, start }) => {
    await fc.assert(
      fc.asyncProperty(contracts, one, soonMs, sizes, async (told, paid, afterMs, cut) => {
        const startMs = Date.parse(start)
        const arrivals = [...arrivalsOf(told, startMs, 'k'), ...arrivalsOf(paid, startMs)]
        const asOfMs = Math.max(...arrivals.map(({ atMs }) => atMs)) + afterMs
        await expectAsOracle(arrivals, timeZone, asOfMs, cut)
      }),
      { numRuns: Math.ceil(runs / 2), examples: [3, 10, Infinity].map(lasting) },
    )
  },
)

afterAll(() => {
  const days = ['day', 'week', 'month', 'quarter', 'year']
  const all = [
    ...['hour', ...days].map((kind) => `${kind}, payers`),
    ...days.map((kind) => `${kind}, contracts`),
  ]
  expect([...kindsSeen].sort()).toEqual(
    all.flatMap((kind) => [`${kind} again`, `${kind} not again`]).sort(),
  )
})
