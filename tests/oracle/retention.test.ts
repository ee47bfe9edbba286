import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
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

function arrivalsOf(told: readonly Told[], startMs: number) {
  let atMs = startMs
  return told.map(({ afterMs, data, lateMs }, nth) => {
    atMs += afterMs
    const event: CanonicalEvent = {
      ...{ type: 'order.paid', id: `e-${nth}`, source: '/shop', sequence: '0', tenant: 'acme' },
      timeMs: atMs as EpochMs,
      data: { ...data, orderId: `o-${nth}`, money: { amountMinor: 100, currency: 'CNY' } },
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

const kindsSeen = new Set<string>()
const note = (kind: string, numerator: number, denominator: number): void => {
  if (numerator > 0) kindsSeen.add(`${kind} again`)
  if (numerator < denominator) kindsSeen.add(`${kind} not again`)
}

test.each([
  { timeZone: 'UTC', start: '2026-03-02T08:00:00Z' },
  { timeZone: 'Asia/Shanghai', start: '2026-12-30T15:40:00Z' },
  { timeZone: 'America/New_York', start: '2026-10-31T23:30:00Z' },
  { timeZone: 'Asia/Kathmandu', start: '2026-06-30T17:30:00Z' },
])(
  'who paid in a period, and in the one before it, is as the oracle says: $timeZone, from $start',
  async ({ timeZone, start }) => {
    const inZone = { ...config, timeZone }
    const laterMs = fc.constantFrom(0, 10_000, hour, day, 31 * day, 370 * day)
    const sizes = fc.constantFrom([1], [3, 1], [100])
    await fc.assert(
      fc.asyncProperty(orders, laterMs, sizes, async (told, afterMs, batchSizes) => {
        const arrivals = arrivalsOf(told, Date.parse(start))
        const asOfMs = Math.max(...arrivals.map(({ atMs }) => atMs)) + afterMs
        const log = logOf(arrivals, inZone, asOfMs)
        const store = await foldLog(log, { batchSizes, restartAt: new Set([2, 5]) })
        const events = arrivals.map(({ event }) => event)
        const world = worldOf(events, inZone, asOfMs)
        const reader = readerOf(store, inZone, 'acme', false)
        const paid = events.map(({ timeMs }) => timeMs)
        const wrong: string[] = []
        for (const kind of ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const) {
          const kept = kind === 'hour' ? paid.filter((atMs) => atMs > asOfMs - 7 * day) : paid
          for (const period of periodsAround(kind, kept, timeZone, asOfMs)) {
            for (const slice of slices) {
              const expected = new Map(retentionValues(world, sliceOf(slice), period))
              const seen = reader.period(slice, period)
              const name = `${slice} ${kind} ${period.label}`
              wrong.push(...differences(name, seen, expected))
              const { numerator, denominator } = seen.get('customer_retention')!
              note(kind, Number(numerator), Number(denominator))
            }
          }
        }
        expect(wrong).toEqual([])
      }),
      { numRuns: runs },
    )
  },
)

afterAll(() => {
  for (const kind of ['hour', 'day', 'week', 'month', 'quarter', 'year'])
    expect([...kindsSeen]).toEqual(expect.arrayContaining([`${kind} again`, `${kind} not again`]))
})
