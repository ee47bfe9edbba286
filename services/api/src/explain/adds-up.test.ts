import { flatRowSchema } from '@deskpulse/contract'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { bookings, catalogueOf, type Kpi, type LiveWindow } from '@deskpulse/core/kpis'
import { slicesKey } from '@deskpulse/core/state'
import { decodeSliceTable, minorDigits } from '@deskpulse/core/measures'
import type { EpochMs, PeriodKind } from '@deskpulse/core/time'
import type { MemoryStore } from '@deskpulse/engine'
import {
  arbitraryEvents,
  foldLog,
  hour,
  liveLogOf,
  one,
  recordOf,
  startMs,
} from '@deskpulse/engine/testing'
import type { EventLog, Offset, PartitionId } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeCursor,
  encodeCursor,
  firstPage,
  nothingYet,
  type PageStart,
  type Sums,
} from './cursor.ts'
import { numbersOf } from './entry.ts'
import { explainFromLog } from './from-log.ts'
import { explainFromState } from './from-state.ts'
import { KeptReplays } from './kept-replays.ts'
import type { ExplainedPage } from './source.ts'
import { cheapMax } from '../reading/gate.ts'
import { logIn, readsOf } from '../testing/memory-reads.ts'
import type { ExplainRequest } from './request.ts'

const { kpis: all } = catalogueOf()
const kpis = all.filter(({ terms }) => terms !== null)
/** Each KPI, and by entry where that is another value. */
const questions = kpis.flatMap((kpi) => {
  const isBooked = kpi.measures.some(({ atEntry }) => atEntry !== undefined)
  return (isBooked ? bookings : (['event'] as const)).map((by) => ({ kpi, by }))
})

async function pageOf(
  store: MemoryStore,
  request: ExplainRequest,
  limit = 1_000,
  from = firstPage,
): Promise<ExplainedPage> {
  const source = {
    tenant: 'acme',
    configured: undefined,
    read: readsOf(store),
    enter: () => () => {},
  }
  const page = await explainFromState(source, request, { from, limit, withEvents: true })
  if (!page.ok) throw new Error(page.problem.detail)
  return page.value
}

test('every KPI can be opened, but for what is worked out by more than sums', () => {
  const others = all.filter((kpi) => !kpis.includes(kpi))
  expect(others.map(({ id }) => id)).toEqual(['sales_index', 'required_agents', 'staffing_gap'])
})

/** What `value` says of the numbers of these names; what is not there adds up to nothing. */
function numbersIn(kpi: Kpi, { value }: ExplainedPage): Readonly<Record<string, unknown>> {
  const names = Object.keys(numbersOf(kpi.terms!, nothingYet))
  return Object.fromEntries(
    names.map((name) => [
      name,
      name === 'minorByCurrency' ? minorIn(value) : (value[name as keyof typeof value] ?? 0),
    ]),
  )
}

/** What a value in money says of each currency: of several in the main unit. */
function minorIn(value: ExplainedPage['value']): Readonly<Record<string, number>> {
  const { currency, sum, numerator, byCurrency = {}, denominator: per } = value
  if (currency !== undefined) return { [currency]: Number(sum ?? numerator) }
  return Object.fromEntries(
    Object.entries(byCurrency).map(([one, amount]) => [
      one,
      Math.round(amount * Number(per ?? 1) * 10 ** minorDigits(one)),
    ]),
  )
}

/** What rows add up to; of a currency of which they come to nothing a value has nothing. */
function numbersFrom(kpi: Kpi, sums: Sums, page: ExplainedPage): Readonly<Record<string, unknown>> {
  const numbers = numbersOf(kpi.terms!, sums)
  if (numbers.minorByCurrency === undefined) return numbers
  const told = minorIn(page.value)
  const isTold = ([currency, minor]: readonly [string, number]): boolean =>
    minor !== 0 || currency in told
  return {
    ...numbers,
    // With nothing to divide by, the value has no money.
    minorByCurrency:
      page.value.value === null && page.value.byCurrency === undefined
        ? {}
        : Object.fromEntries(Object.entries(sums.money).filter(isTold)),
  }
}

type Time = { readonly window: LiveWindow } | { readonly period: PeriodKind; readonly from: string }

/** The end of the log is within the last of these. */
const times: readonly Time[] = [
  { window: { minutes: 60 } },
  { window: 'today' },
  ...(['15m', 'hour', 'day', 'week', 'month'] as const).map((period) => ({
    ...{ period, from: new Date(startMs + 21 * hour).toISOString() },
  })),
  { period: 'day', from: '2026-03-02' },
  { period: 'hour', from: '2026-03-02T18:30:00Z' },
]

const parts = ['queue=billing', 'queue=none', 'agent=a-1', 'agent=none', 'class=live']
function slicesOf(store: MemoryStore, wanted: readonly string[]): readonly string[] {
  const { texts } = decodeSliceTable(store.records.get(slicesKey('acme'))!)
  return wanted.filter((text) => texts.includes(text))
}

/** A history is asked of some slices and times, of each of these some KPIs: of all of them it would take minutes. */
const asked = fc.record({
  questions: fc.shuffledSubarray(questions, { minLength: 80, maxLength: 80 }),
  slices: fc
    .shuffledSubarray(parts, { minLength: 2, maxLength: 2 })
    .map((some) => [...some, 'all']),
  times: fc.shuffledSubarray([...times], { minLength: 4, maxLength: 4 }),
})

const histories = fc.tuple(
  arbitraryEvents,
  fc.array(one(0, 800, 45_000, 2 * hour), { minLength: 1, maxLength: 5 }),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
  one(18.5 * hour, 21 * hour, 21 * hour + 7 * 60_000 + 13_000, 30 * hour),
)

test('the rows behind a value add up to it: any KPI, in slices, windows and periods, of any history', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      asked,
      async ([events, delaysMs, ...how], { slices, times, questions }) => {
        const [batchSizes, restarts, lastMs] = how
        const store = await foldLog(liveLogOf(events, delaysMs, hour / 4, lastMs), {
          batchSizes,
          restartAt: new Set(restarts),
        })
        for (const slice of slicesOf(store, slices))
          for (const time of times)
            for (const { kpi, by } of questions) {
              if (by === 'entry' && slice !== 'all' && slice !== 'agent=a-1') continue
              const page = await pageOf(store, { kpi: kpi.id, slice, by, ...time })
              const { rows, sums, next } = page.listing
              const what = `${kpi.id} by ${by} in ${slice}, ${JSON.stringify(time)}`
              expect(next, what).toBeNull()
              expect(numbersFrom(kpi, sums, page), what).toEqual(numbersIn(kpi, page))
              for (const { row } of rows) if (row !== null) flatRowSchema.parse(row)
            }
      },
    ),
    { numRuns: 30 },
  )
})

test('so do those that are made from the log, once all states have forgotten them', async () => {
  const muchLaterMs = 80 * 24 * hour
  const some = fc.shuffledSubarray(
    kpis.filter(({ span }) => span === 'window'),
    { minLength: 20, maxLength: 20 },
  )
  await fc.assert(
    fc.asyncProperty(arbitraryEvents, asked, some, async (events, { slices }, kpis) => {
      const records = liveLogOf(events, [0, 45_000], hour, 21 * hour)
      const last = records.at(-1)!
      for (let day = 1; day <= 80; day += 8)
        records.push(recordOf(records.length, (last.appendedAtMs + day * 24 * hour) as EpochMs, []))
      records.push(recordOf(records.length, (startMs + muchLaterMs) as EpochMs, []))
      const store = await foldLog(records)
      const log = logIn(records)
      const source = {
        ...{ tenant: 'acme', configured: undefined, enter: () => () => {}, now: () => 0 },
        read: readsOf(store, () => records.length),
        kept: new KeptReplays(),
        progress: () => {},
        partOf: (endOffset: Offset) => ({
          ...{ log, endOffset, topic: 'deskpulse.log', partition: 0 as PartitionId },
        }),
      }
      const page = { from: firstPage, limit: 1_000, withEvents: false }
      for (const slice of slicesOf(store, slices).slice(0, 1))
        for (const kpi of kpis) {
          const request = { kpi: kpi.id, slice, period: 'month', from: '2026-03-02' } as const
          const made = await explainFromLog(source, request, page, new AbortController().signal)
          if (!made.ok) throw new Error(made.problem.detail)
          const { listing } = made.value
          expect(numbersFrom(kpi, listing.sums, made.value), `${kpi.id} in ${slice}`).toEqual(
            numbersIn(kpi, made.value),
          )
        }
    }),
    { numRuns: 8 },
  )
})

test('pages of any size list the same, one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(histories, one(1, 2, 7), async ([events, delaysMs], limit) => {
      const store = await foldLog(liveLogOf(events, delaysMs, hour / 4, 21 * hour))
      for (const kpi of kpis) {
        const request = { kpi: kpi.id, slice: 'all', window: 'today' } as const
        const whole = await pageOf(store, request)
        const rows = []
        let next: PageStart | null = firstPage
        let sums = null
        while (next !== null) {
          const cursor = decodeCursor(encodeCursor(next))!
          const { listing }: ExplainedPage = await pageOf(store, request, limit, cursor)
          rows.push(...listing.rows)
          ;({ next, sums } = listing)
        }
        expect([rows, sums]).toEqual([whole.listing.rows, whole.listing.sums])
      }
    }),
    { numRuns: 8 },
  )
})

test('who goes away ends the work on the log', async () => {
  const records = liveLogOf([], [0], hour, 21 * hour)
  const store = await foldLog(records)
  const closing = new AbortController()
  let reads = 0
  const log: Pick<EventLog, 'read'> = {
    read(...asked) {
      reads += 1
      closing.abort(new Error('gone'))
      return logIn(records).read(...asked)
    },
  }
  const source = {
    ...{ tenant: 'acme', configured: defaultTenantConfig, enter: () => () => {}, now: () => 0 },
    read: readsOf(store, () => records.length),
    kept: new KeptReplays(),
    progress: () => {},
    partOf: (endOffset: Offset) => ({
      ...{ log, endOffset, topic: 'deskpulse.log', partition: 0 as PartitionId },
    }),
  }
  const request = {
    kpi: 'contacts_opened',
    slice: 'all',
    period: 'day',
    from: '2026-03-02',
  } as const
  const page = { from: firstPage, limit: 1, withEvents: false }
  await expect(explainFromLog(source, request, page, closing.signal)).rejects.toThrow('gone')
  expect(reads).toBe(1)
})

test('a log that takes longer to fold than an answer may is refused with a code, and how far it came was told', async () => {
  const records = liveLogOf([], [0], hour, 21 * hour)
  const store = await foldLog(records)
  let nowMs = 0
  const told: object[] = []
  const source = {
    ...{ tenant: 'acme', configured: defaultTenantConfig, enter: () => () => {} },
    now: () => (nowMs += 30_000),
    read: readsOf(store, () => records.length),
    kept: new KeptReplays(),
    progress: (folded: object) => void told.push(folded),
    partOf: (endOffset: Offset) => ({
      ...{ log: logIn(records), endOffset, topic: 'deskpulse.log', partition: 0 as PartitionId },
    }),
  }
  const request = {
    kpi: 'contacts_opened',
    slice: 'all',
    period: 'day',
    from: '2026-03-02',
  } as const
  const page = { from: firstPage, limit: 1, withEvents: false }
  const made = await explainFromLog(source, request, page, new AbortController().signal)
  expect(made).toMatchObject({ ok: false, problem: { status: 422, code: 'too-much-log' } })
  expect(told).toMatchObject([{ endOffset: records.length }])
})

test('one who asks waits in the lane of what is expensive, and lets the next one in', async () => {
  const store = await foldLog(liveLogOf([], [0], hour, 21 * hour))
  const costs: number[] = []
  let left = 0
  const enter = (cost: number) => {
    costs.push(cost)
    return () => void (left += 1)
  }
  const source = { tenant: 'acme', configured: defaultTenantConfig, read: readsOf(store), enter }
  const page = { from: firstPage, limit: 1, withEvents: false }
  await explainFromState(source, { kpi: 'backlog', slice: 'all' }, page)
  expect(costs.map((cost) => cost > cheapMax)).toEqual([true])
  expect(left).toBe(1)
})
