import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import { catalogueOf, type KpiValue } from '@deskpulse/core/kpis'
import { minorDigits } from '@deskpulse/core/measures'
import { dayMs, type EpochMs, hourMs, type PeriodKind, periodsIn } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { foldLog, recordOf } from '../../packages/engine/src/testing/fold-log.ts'
import { configRecord, logOf, readerOf, type Stored, tenant } from './support/folded.ts'
import { laterBy } from './support/later.ts'
import { oddEvents } from './support/odd-events.ts'

/**
 * What must hold between two logs, whatever the values are: no oracle is needed, so that none can be wrong in the same way as the folds.
 */
const config: TenantConfig = {
  ...defaultTenantConfig,
  timeZone: 'Asia/Shanghai', // Its clocks never change.
  slices: {
    dimensions: ['queue', 'agent', 'channel', 'class', 'topic'],
    pairs: [
      ['queue', 'channel'],
      ['queue', 'agent'],
    ],
    values: { topic: ['refund'] },
  },
  fcrWindowMs: 2 * hourMs,
  waitMaxMs: { voice: hourMs, live: 2 * hourMs, deferred: 3 * hourMs },
  agentShiftMaxMs: 3 * hourMs,
}
const slices = [
  ...['all', 'queue=billing', 'queue=none', 'agent=a-1', 'agent=none', 'class=live'],
  ...[
    'team=day',
    'channel=voice',
    'topic=refund',
    'queue=billing,channel=chat',
    'queue=tech,agent=a-2',
  ],
]

/** More by hand: `ORACLE_RUNS=2000`. A failure prints its seed. */
const runs = Number(process.env['ORACLE_RUNS'] ?? 15)

const startMs = Date.parse('2026-03-02T02:00:00Z') // A Monday, ten in the morning.
const asOf = fc.integer({ min: hourMs, max: 13 * hourMs }).map((ageMs) => startMs + ageMs)

/** Values by KPI, as JSON: most of many thousands are compared as texts. */
type Values = Readonly<Record<string, string>>

type Read = {
  readonly periods?: readonly PeriodKind[]
  readonly fromMs?: number
  readonly named?: string
  /** Of a slice, what it is called in the log that is read. */
  readonly sliceAs?: (slice: string) => string
}

/** Every value in every slice, period and window, with instants as what has passed since `fromMs`. */
function valuesIn(store: Stored, read: Read = {}): Values {
  const {
    periods = ['15m', 'hour', 'day', 'week'],
    fromMs = startMs,
    sliceAs = (one) => one,
  } = read
  const reader = readerOf(store, config, read.named)
  const { timeZone } = config
  const range = { startMs: fromMs as EpochMs, endMs: (store.logTimeMs + 1) as EpochMs }
  const found: Record<string, string> = {}
  for (const slice of slices) {
    for (const kind of periods)
      for (const period of periodsIn(kind, range, timeZone))
        found[`${slice} ${kind} ${period.startMs - fromMs}`] = plain(
          reader.period(sliceAs(slice), period),
          fromMs,
        )
    for (const window of ['today', { minutes: 7 }, { minutes: 60 }] as const)
      found[`${slice} ${JSON.stringify(window)}`] = plain(
        reader.live(sliceAs(slice), window),
        fromMs,
      )
  }
  return found
}

function plain(values: ReadonlyMap<string, KpiValue>, fromMs: number): string {
  const text = JSON.stringify(Object.fromEntries(values), (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  return text.replaceAll(
    /"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g,
    (_, at: string) => `${Date.parse(at) - fromMs}`,
  )
}

/** The same in the same places. What differs is shown as values. */
function expectSame(found: Values, expected: Values): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [place, text] of Object.entries(expected))
    if (found[place] !== text) expect(JSON.parse(found[place]!), place).toEqual(JSON.parse(text))
}

type Arrival = { readonly event: CanonicalEvent; readonly atMs: number }

const arrivalsOf = (events: readonly CanonicalEvent[], asOfMs: number): Arrival[] =>
  events
    .filter(({ timeMs }) => timeMs <= asOfMs)
    .map((event, place) => ({
      event,
      atMs: Math.min(asOfMs, event.timeMs + (place % 5 === 0 ? 700_000 : 0)),
    }))

const folded = (arrivals: readonly Arrival[], asOfMs: number): Promise<Stored> =>
  foldLog(logOf(arrivals, config, asOfMs), { batchSizes: [7, 1, 30] })

const property = (
  holds: (arrivals: readonly Arrival[], asOfMs: number) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(oddEvents(startMs), asOf, async (events, asOfMs) => {
      const arrivals = arrivalsOf(events, asOfMs)
      fc.pre(arrivals.length > 0)
      await holds(arrivals, asOfMs)
    }),
    { numRuns: runs },
  )

test('a week later everything is the same', () =>
  property(async (arrivals, asOfMs) => {
    const byMs = 7 * dayMs
    const later = ({ event, atMs }: Arrival): Arrival => ({
      event: laterBy(event, byMs),
      atMs: atMs + byMs,
    })
    const shifted = await folded(arrivals.map(later), asOfMs + byMs)
    expectSame(
      valuesIn(shifted, { fromMs: startMs + byMs }),
      valuesIn(await folded(arrivals, asOfMs)),
    )
  }))

/** Of money, what there is in each currency, in its minor unit. */
function amountsOf({ sum, currency, byCurrency = {} }: KpiValue): Readonly<Record<string, number>> {
  const several = Object.entries(byCurrency).map(
    ([one, value]) => [one, Math.round(value * 10 ** minorDigits(one))] as const,
  )
  const all = currency === undefined ? several : [[currency, Number(sum)] as const]
  return Object.fromEntries(all.filter(([, amount]) => amount !== 0))
}

const parts = ['count', 'sum', 'numerator', 'denominator'] as const
const { kpis } = catalogueOf(config)
/** What adds up of a value. */
function additive(id: string, value: KpiValue): Readonly<Record<string, number>> {
  const { span, unit, terms, measures } = kpis.find((kpi) => kpi.id === id)!
  if (span === 'now' || terms === null) return {} // What Erlang C works out is no sum.
  if (terms.shape.startsWith('distinct') || terms.shape === 'by-basis') return {}
  if (terms.shape === 'money-ratio') return {}
  if (unit === 'money') return amountsOf(value)
  if (measures.some(({ named }) => named !== undefined)) return {} // What names a month is in none of its days.
  const found = parts.flatMap((part) =>
    value[part] === undefined ? [] : [[part, Number(value[part])] as const],
  )
  return Object.fromEntries(
    found.length === 0 && unit === 'count' ? [['value', value.value ?? 0] as const] : found,
  )
}

test.each<[part: PeriodKind, whole: PeriodKind, timeZone: string, start: string]>([
  ['15m', '30m', 'Asia/Shanghai', '2026-03-02T02:00:00Z'],
  ['30m', 'hour', 'Asia/Kathmandu', '2026-03-02T02:00:00Z'],
  ['15m', 'hour', 'Pacific/Chatham', '2026-04-04T12:00:00Z'],
  ['hour', 'day', 'Europe/Rome', '2026-03-28T19:00:00Z'],
  ['hour', 'day', 'America/New_York', '2026-10-31T23:30:00Z'],
  ['day', 'week', 'Europe/Rome', '2026-03-28T19:00:00Z'],
  ['day', 'month', 'Asia/Kathmandu', '2026-02-28T12:00:00Z'],
])('what a %s counts adds up to the %s (%s, %s)', async (part, whole, timeZone, start) => {
  const fromMs = Date.parse(start)
  const inZone = { ...config, timeZone }
  const compared = new Set<string>()
  await fc.assert(
    fc.asyncProperty(oddEvents(fromMs), async (events) => {
      const asOfMs = fromMs + 13 * hourMs
      const arrivals = arrivalsOf(events, asOfMs)
      fc.pre(arrivals.length > 0)
      const store = await foldLog(logOf(arrivals, inZone, asOfMs), { batchSizes: [7, 1, 30] })
      const reader = readerOf(store, inZone, tenant, false) // What was issued waits for what matures.
      const range = { startMs: fromMs as EpochMs, endMs: asOfMs as EpochMs }
      for (const period of periodsIn(whole, range, timeZone)) {
        for (const slice of ['all', 'queue=billing', 'agent=a-1', 'team=day']) {
          const within = [...periodsIn(part, period, timeZone)].map((one) =>
            reader.period(slice, one),
          )
          for (const [id, value] of reader.period(slice, period)) {
            const sums: Record<string, number> = {}
            for (const values of within)
              for (const [name, number] of Object.entries(additive(id, values.get(id)!)))
                sums[name] = (sums[name] ?? 0) + number
            const together = additive(id, value)
            expect(sums, `${slice} ${period.label} ${id}`).toEqual(together)
            if (Object.values(together).some((number) => number !== 0)) compared.add(id)
          }
        }
      }
    }),
    { numRuns: Math.max(14, Math.ceil(runs / 3)) }, // So many make sure that it is not all 0.
  )
  expect(compared.size).toBeGreaterThan(15) // Not all of them are 0.
})

test('what another tenant does changes nothing, whatever it has in common', () =>
  property(async (arrivals, asOfMs) => {
    const own = logOf(arrivals, config, asOfMs)
    const foreign = 'other'
    const both: LogRecord[] = [
      own[0]!,
      { ...configRecord({ ...config, timeZone: 'Europe/Rome' }, own[0]!.appendedAtMs, foreign) },
      ...arrivals
        .toSorted((a, b) => a.atMs - b.atMs)
        .map(({ event, atMs }) =>
          recordOf(0, atMs as EpochMs, [{ ...event, tenant: foreign }, event]),
        ),
      own.at(-1)!,
    ].map((record, offset) => ({ ...record, offset: offset as typeof record.offset }))
    const shared = await foldLog(both, { batchSizes: [5, 1, 40] })
    expectSame(valuesIn(shared), valuesIn(await foldLog(own, { batchSizes: [5, 1, 40] })))
    expect(valuesIn(shared, { named: foreign, periods: ['day'] })).not.toEqual({})
  }))

test('contacts that are discarded for a while are as if nothing had happened to them', () =>
  fc.assert(
    fc.asyncProperty(oddEvents(startMs), asOf, fc.nat(), async (events, asOfMs, turn) => {
      const counting = arrivalsOf(events, asOfMs).filter(
        ({ event }) => event.type !== 'contact.discarded',
      )
      fc.pre(counting.length > 0)
      const byContact = Map.groupBy(
        counting.filter(({ event }) => event.data.contactId !== undefined),
        ({ event }) => event.data.contactId!,
      )
      const told = [...byContact].flatMap(([contactId, its], nth): Arrival[] => {
        const { event } = its[(turn + nth) % its.length]!
        const at = (type: 'contact.discarded' | 'contact.restored', timeMs: number): Arrival => ({
          event: {
            ...{ type, id: `z-${nth} ${type}`, source: '/zz', sequence: '0', tenant },
            timeMs: timeMs as EpochMs,
            data: { contactId },
          },
          atMs: asOfMs,
        })
        return [
          at('contact.discarded', event.timeMs + 1),
          at('contact.restored', Math.max(event.timeMs + 1, asOfMs)),
        ]
      })
      expectSame(
        valuesIn(await folded([...counting, ...told], asOfMs)),
        valuesIn(await folded(counting, asOfMs)),
      )
    }),
    { numRuns: runs },
  ))

const names = ['contactId', 'agentId', 'queue', 'customerId', 'toAgentId', 'fromAgentId'] as const
const others = [
  'byAgentId',
  'messageId',
  'complaintId',
  'surveyId',
  'reviewId',
  'followupId',
  'incidentId',
  'offerId',
  'refundId',
  'orderId',
  'costId',
  'violationId',
  'assessmentId',
  'surveyId',
] as const

/** In the same order as before. */
const renamed = (name: string): string => `n:${name}/*`

function renamedData(data: EventData): EventData {
  const changed = [...names, ...others].flatMap((key) =>
    data[key] === undefined ? [] : [[key, renamed(data[key] as string)] as const],
  )
  const lists = (['teams', 'aliases'] as const).flatMap((key) =>
    data[key] === undefined ? [] : [[key, data[key].map(renamed)] as const],
  )
  return { ...data, ...Object.fromEntries([...changed, ...lists]) }
}

test('other ids, with all that a key or a slice must not hold, change nothing but ids', () =>
  property(async (arrivals, asOfMs) => {
    const under = arrivals.map(({ event, atMs }) => ({
      event: { ...event, id: renamed(event.id), data: renamedData(event.data) },
      atMs,
    }))
    const sliceAs = (slice: string): string =>
      slice.replaceAll(/(queue|agent|team)=([^,]+)/g, (whole, dimension: string, value: string) =>
        value === 'none'
          ? whole
          : `${dimension}=${encodeURIComponent(renamed(value)).replaceAll('*', '%2A')}`,
      )
    expectSame(
      valuesIn(await folded(under, asOfMs), { sliceAs }),
      valuesIn(await folded(arrivals, asOfMs)),
    )
  }))
