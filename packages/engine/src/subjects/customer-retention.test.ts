import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { noSellers, type Occasion, type RowChange } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs, hourMs, minuteMs, slotMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { configProposals } from '../testing/alert-log.ts'
import { closedMessages } from '../testing/closed.ts'
import { eventEntry, foldLog, recordOfEntries } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import { type AskedPurchase, CustomerCell } from './customer-cell.ts'
import { Outputs } from './outputs.ts'

const at = (text: string): EpochMs => Date.parse(`${text}Z`) as EpochMs
const startMs = at('2026-03-29T20:00')

describe('a customer who paid', () => {
  const tenant = { name: 'acme', localTime: 'UTC' } as unknown as Tenant
  const paid = (text: string): AskedPurchase => ({
    ...{ placedMs: null, paidMs: at(text), agent: 'a-1', sinceMs: at(text) },
  })
  const asStored = (bytes: Uint8Array | null): CustomerCell =>
    new CustomerCell(tenant, 'u/acme/u-1', bytes)

  /** What a fold counts of periods that follow a payment, as `+ paidBefore month`, what is stored then, and when the customer is woken. */
  function settled(
    customer: CustomerCell,
    logTime: string,
    asked: Readonly<Record<string, AskedPurchase | null>> = {},
  ) {
    const changes = new ChangeSet()
    const counted = new Map<string, number>()
    const add = (_tenant: Tenant, rows: readonly RowChange[]): void => {
      for (const { row, sign } of rows) {
        if (row.grain !== 'customer-period') continue
        for (const what of ['paidBefore', 'retained'] as const) {
          const name = `${what} ${row.period}`
          if (row[what]) counted.set(name, (counted.get(name) ?? 0) + sign)
        }
      }
    }
    customer.woken()
    const deltas = { add } as unknown as MeasureDeltas
    const fold = { logTimeMs: at(logTime), changes, deltas, outputs: new Outputs() }
    customer.settle(fold, [], new Map(Object.entries(asked)))
    const times = { logTimeMs: at(logTime), watermarkMs: at(logTime) }
    const { puts, wakes } = changes.finish(times)
    const wakeMs = wakes[0]?.atMs ?? null
    return {
      seen: [...counted].flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`])),
      bytes: puts[0]!.bytes,
      wake: wakeMs === null ? null : new Date(wakeMs).toISOString().slice(0, 16),
    }
  }

  test('is woken where each next period begins, by any worker, and counts there from then on', () => {
    let last = settled(asStored(null), '2026-12-31T22:10', {
      'o/acme/order/1': paid('2026-12-31T22:10'),
    })
    expect(last).toMatchObject({ seen: [], wake: '2026-12-31T23:00' })
    last = settled(asStored(last.bytes), '2026-12-31T23:00')
    expect(last).toMatchObject({ seen: ['1 paidBefore hour'], wake: '2027-01-01T00:00' })
    expect(settled(asStored(last.bytes), '2026-12-31T23:50').seen).toEqual([])
    last = settled(asStored(last.bytes), '2027-01-01T00:00')
    const longer = ['day', 'month', 'quarter', 'year'].map((kind) => `1 paidBefore ${kind}`)
    expect(last).toMatchObject({ seen: longer, wake: '2027-01-04T00:00' })
    last = settled(asStored(last.bytes), '2027-01-01T08:00', {
      'o/acme/order/2': paid('2027-01-01T08:00'),
    })
    expect(last.seen).toEqual(longer.map((one) => one.replace('paidBefore', 'retained')))
    expect(
      settled(asStored(last.bytes), '2027-01-01T08:00', { 'o/acme/order/2': null }).seen,
    ).toEqual(last.seen.map((one) => `-${one}`))
  })

  test('is remembered until the year after is over, and what contacts told until its own is', () => {
    const past: Occasion[] = [{ what: 'served', atMs: at('2026-03-02T09:00'), credit: {} }]
    const purchase = { ...paid('2026-03-02T10:00'), sellers: noSellers }
    const purchases = { 'o/acme/order/1': purchase }
    const stored = encodeJson({ sessions: [], final: [], past, purchases, changedDay: 0 })
    const begun = settled(asStored(stored), '2027-01-31T00:00')
    expect(begun.wake).toBe('2027-02-08T00:00')
    const year = settled(asStored(begun.bytes), '2027-02-08T00:00')
    expect(decodeJson(year.bytes!)).toMatchObject({ past: [], purchases })
    expect(year).toMatchObject({ seen: [], wake: '2028-02-08T00:00' })
    const late = { 'o/acme/order/2': paid('2027-12-31T23:00') }
    expect(settled(asStored(year.bytes), '2028-02-07T00:00', late).seen).toContain(
      '1 retained year',
    )
    expect(settled(asStored(year.bytes), '2028-02-08T00:00')).toMatchObject({
      ...{ seen: [], bytes: null, wake: null },
    })
  })

  test('a purchase that was forgotten counts once, also when its order is corrected', () => {
    const corrected = { 'o/acme/order/1': { ...paid('2026-03-02T10:00'), agent: 'a-2' } }
    expect(settled(asStored(null), '2028-02-09T00:00', corrected)).toMatchObject({
      ...{ seen: [], bytes: null },
    })
    const told = {
      'o/acme/order/1': { ...paid('2026-03-02T10:00'), sinceMs: at('2028-02-09T00:00') },
    }
    expect(settled(asStored(null), '2028-02-09T00:00', told).seen).toContain('1 paidBefore year')
  })
})

const order = (
  orderId: string,
  timeMs: EpochMs,
  data: CanonicalEvent['data'] = { customerId: 'u-1' },
): CanonicalEvent => ({
  ...{ type: 'order.paid', id: orderId, source: '/', sequence: '0', tenant: 'acme', timeMs },
  data: { ...data, orderId, money: { amountMinor: 1, currency: 'CNY' } },
})

test('who pays again changes no day that is closed, but what comes late does', async () => {
  const paid = [order('o-1', at('2026-03-30T09:00')), order('o-2', at('2026-04-03T09:00'))]
  const issuedWith = async (late: readonly CanonicalEvent[]) => {
    const beats = Array.from({ length: 8 * 24 }, (_, n) => startMs + n * hourMs)
    const steps = [
      ...beats.map((atMs) => ({ atMs, entries: [] })),
      ...paid.map((event) => ({ atMs: event.timeMs, entries: [eventEntry(event)] })),
      ...late.map((event) => ({ atMs: at('2026-04-04T10:30'), entries: [eventEntry(event)] })),
    ].toSorted((a, b) => a.atMs - b.atMs)
    const records = steps.map(({ atMs, entries }, offset) =>
      recordOfEntries(offset, atMs as EpochMs, entries),
    )
    return closedMessages(await foldLog(records))
      .filter(({ kind, revision }) => kind === 'day' && revision > 1)
      .map(({ label }) => label)
  }
  expect(await issuedWith([])).toEqual([])
  const late = [order('o-3', at('2026-03-30T08:00'), { customerId: 'u-2' })]
  expect(await issuedWith(late)).toEqual(expect.arrayContaining(['2026-03-31', '2026-04-01']))
})

const contract = (
  type: 'customer.started' | 'customer.left',
  customerId: string,
  timeMs: EpochMs,
): CanonicalEvent => ({
  ...{ type, id: `${type} ${customerId} ${timeMs}`, source: '/', sequence: '0', tenant: 'acme' },
  ...{ timeMs, data: { customerId } },
})

test('a contract that ends changes no period that is closed, one that is said late to have ended all since, and a late begin', async () => {
  const begun = [at('2026-03-29T21:00'), at('2026-03-29T22:00')].map((atMs, nth) =>
    contract('customer.started', `u-${nth}`, atMs),
  )
  const left = contract('customer.left', 'u-0', at('2026-04-01T09:00'))
  const issuedWith = async (late: readonly CanonicalEvent[]) => {
    const beats = Array.from({ length: 8 * 24 }, (_, n) => startMs + n * hourMs)
    const steps = [
      ...beats.map((atMs) => ({ atMs, entries: [] })),
      ...[...begun, left].map((event) => ({ atMs: event.timeMs, entries: [eventEntry(event)] })),
      ...late.map((event) => ({ atMs: at('2026-04-03T10:30'), entries: [eventEntry(event)] })),
    ].toSorted((a, b) => a.atMs - b.atMs)
    const records = steps.map(({ atMs, entries }, offset) =>
      recordOfEntries(offset, atMs as EpochMs, entries),
    )
    return closedMessages(await foldLog(records))
      .filter(({ kind, revision }) => kind === 'day' && revision > 1)
      .map(({ label }) => label)
  }
  expect(await issuedWith([])).toEqual([])
  const late = [contract('customer.left', 'u-1', at('2026-04-01T12:00'))]
  expect(await issuedWith(late)).toEqual(['2026-04-01', '2026-04-02'])
  const more = [contract('customer.started', 'u-2', at('2026-03-31T12:00'))]
  expect(await issuedWith(more)).toEqual(['2026-04-01', '2026-04-02'])
})

test('contracts are counted the same however the log is cut into batches, also where zones and limits change', async () => {
  const minute = fc.nat(6 * 24 * 60)
  const contracts = fc.array(
    fc.record({
      minute,
      type: fc.constantFrom('customer.started' as const, 'customer.left' as const),
      lateMs: fc.constantFrom(0, 0, 30_000, 5 * hourMs),
      customerId: fc.constantFrom('u-1', 'u-1', 'u-2'),
    }),
    { minLength: 2, maxLength: 10 },
  )
  await fc.assert(
    fc.asyncProperty(
      contracts,
      fc.array(anyConfigs(minute), { maxLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
      async (told, changed, batchSizes, restarts) => {
        const events = told.map(({ minute: n, lateMs, type, customerId }) => {
          const event = contract(type, customerId, (startMs + n * minuteMs) as EpochMs)
          return { atMs: event.timeMs + lateMs, entry: () => eventEntry(event) }
        })
        await expectSameMeasures(events, changed, batchSizes, restarts)
      },
    ),
    { numRuns: 25 },
  )
})

type Entry = { readonly atMs: number; readonly entry: () => ReturnType<typeof eventEntry> }

const anyConfigs = (minute: fc.Arbitrary<number>) =>
  fc.record({
    minute,
    timeZone: fc.constantFrom('Asia/Shanghai', 'Asia/Kathmandu', 'America/New_York'),
    returnGapMs: fc.constantFrom(minuteMs, hourMs),
  })
type Changed = typeof anyConfigs extends (one: never) => fc.Arbitrary<infer Value> ? Value : never

/** However the log is cut, at its end. */
async function expectSameMeasures(
  events: readonly Entry[],
  changed: readonly Changed[],
  batchSizes: readonly number[],
  restarts: readonly number[],
): Promise<void> {
  const propose = configProposals()
  const versions = changed.map(({ minute: n, ...more }) => ({
    atMs: startMs + n * minuteMs,
    entry: () => propose({ ...defaultTenantConfig, ...more } satisfies TenantConfig),
  }))
  const beats = Array.from({ length: (8 * dayMs) / slotMs }, (_, n) => ({
    ...{ atMs: startMs + n * slotMs, entry: null },
  }))
  const records = [...versions, ...events, ...beats]
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, entry }, offset) =>
      recordOfEntries(offset, atMs as EpochMs, entry === null ? [] : [entry()]),
    )
  const live = await foldLog(records, { batchSizes: [1] })
  const other = await foldLog(records, { batchSizes, restartAt: new Set(restarts) })
  expect(measuresOf(other, 'acme')).toEqual(measuresOf(live, 'acme'))
}

test('who paid before is the same however the log is cut into batches, also where zones and limits change', async () => {
  const minute = fc.nat(6 * 24 * 60)
  const payments = fc.array(
    fc.record({
      minute,
      lateMs: fc.constantFrom(0, 0, 30_000, 5 * hourMs),
      data: fc.record({
        customerId: fc.constantFrom('u-1', 'u-1', 'u-2'),
        shop: fc.constantFrom('s-1', 's-2', undefined),
      }),
    }),
    { minLength: 2, maxLength: 14 },
  )
  await fc.assert(
    fc.asyncProperty(
      payments,
      fc.array(anyConfigs(minute), { maxLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
      async (told, changed, batchSizes, restarts) => {
        const paid = told.map(({ minute: n, lateMs, data }, nth) => {
          const timeMs = (startMs + n * minuteMs) as EpochMs
          const event = order(`o-${nth}`, timeMs, data)
          return { atMs: timeMs + lateMs, entry: () => eventEntry(event) }
        })
        await expectSameMeasures(paid, changed, batchSizes, restarts)
      },
    ),
    { numRuns: 25 },
  )
})
