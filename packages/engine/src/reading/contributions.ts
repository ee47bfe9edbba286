import {
  contribute,
  type Kpi,
  type KpiValue,
  measureBy,
  namedIn,
  type ReadingPlan,
} from '@deskpulse/core/kpis'
import { type CreditScope, type Measure, spreadOverMinutes } from '@deskpulse/core/measures'
import type { Moment, Priced, Row, Spread } from '@deskpulse/core/subjects'
import { bucketStart, type EpochMs, minuteMs, slotMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'

/** The buckets of a window or a period, as records are stored: minutes and slots by their starts, days by those of the tenant’s calendar. */
export type Buckets = {
  readonly resolution: 'minute' | 'slot' | 'day'
  readonly starts: ReadonlySet<number>
}

/** How a value is read: on which clock, which says what counts beside what counts on the clocks of classes (absent: no clock runs in it); where it is booked; whom it counts; and of which kind of period, which says what counts of what names one. */
export type ReadAs = Pick<KpiValue, 'clock' | 'by' | 'basis'> & Partial<Pick<ReadingPlan, 'whole'>>

/** Where rows are counted: slices, by their numbers, each in buckets. */
export type Place = ReadAs & {
  readonly tenant: Tenant
  readonly slices: ReadonlyMap<number, Buckets>
  /** The kind of the period that they are; `null`: none of which distinct things are counted. */
  readonly period: ReadingPlan['period']
}

/**
 * What a row adds to a KPI. `of`, `per`: to its terms: how often it counts, or ms of a stretch of time. `ms`: of the durations that are counted in `of`.
 * `atMs`: the first instant at which it does. `currency`: of the money that is counted in `of`, in minor units; `null`: it is none.
 */
export type Contribution = {
  readonly atMs: EpochMs
  readonly of: number
  readonly per: number
  readonly ms: number
  readonly currency: string | null
}

/** How often what counts in a measure is in the terms of a KPI, as it is read: in those that are added up, −1 where it is taken off them, and in those by which these are divided. */
export function weightsOf(
  { terms: all }: Kpi,
  measure: Measure,
  { clock, by, basis = 'payers', whole = null }: ReadAs = {},
): { readonly of: number; readonly per: number } {
  const terms = all?.shape === 'by-basis' ? all[basis] : all
  const isAmong = (all: readonly Measure[]): boolean =>
    all.some((one) => measureBy(one, by) === measure || namedIn(one, whole) === measure) ||
    (clock !== undefined &&
      clock !== 'class' &&
      all.some(({ shifts }) => shifts?.[clock] === measure))
  if (terms === null || !('of' in terms)) return { of: 0, per: 0 }
  const of = isAmong(terms.of) ? 1 : 0
  switch (terms.shape) {
    case 'ratio':
    case 'distinct-ratio':
    case 'points':
    case 'money-ratio':
    case 'weighted-points':
      return { of, per: isAmong(terms.per) ? 1 : 0 }
    case 'money':
      return { of: of - (isAmong(terms.less) ? 1 : 0), per: 0 }
    case 'distinct-without':
      return { of: of - (isAmong(terms.without) ? 1 : 0), per: of }
    default:
      return { of, per: 0 }
  }
}

/** Adds to the terms of a KPI. */
class Sum {
  of = 0
  per = 0
  ms = 0
  atMs = Infinity
  currency: string | null = null
  readonly #kpi: Kpi
  readonly #as: ReadAs

  constructor(kpi: Kpi, as: ReadAs) {
    this.#kpi = kpi
    this.#as = as
  }

  takes(measure: Measure): boolean {
    const { of, per } = weightsOf(this.#kpi, measure, this.#as)
    return of !== 0 || per !== 0
  }

  add(measure: Measure, atMs: number, amount: number, ms: number): void {
    const { of, per } = weightsOf(this.#kpi, measure, this.#as)
    this.of += of * amount
    this.ms += of * ms
    this.per += per * amount
    this.atMs = Math.min(this.atMs, atMs)
  }
}

type Amount = {
  readonly atMs: EpochMs
  readonly value: number
  readonly endMs: EpochMs
  readonly times: number
  readonly currency: string | null
}

/** What a row adds to a KPI in a place, as the fold adds it to the records there; `null`: nothing. */
export function contributionOf(row: Row, kpi: Kpi, place: Place): Contribution | null {
  const sum = new Sum(kpi, place)
  const addIn = (buckets: Buckets, measure: Measure, amount: Amount) => {
    const { atMs, value, endMs, times, currency } = amount
    switch (measure.kind) {
      case 'count':
        return isIn(place, buckets, atMs) ? sum.add(measure, atMs, value, 0) : undefined
      case 'duration':
        return isIn(place, buckets, atMs) ? sum.add(measure, atMs, times, times * value) : undefined
      case 'money': {
        if (!isIn(place, buckets, atMs)) return undefined
        sum.currency = currency
        return sum.add(measure, atMs, value, 0)
      }
      case 'span':
        return spreadOverMinutes(value, atMs, endMs, (startMs, part) => {
          if (isIn(place, buckets, startMs)) sum.add(measure, startMs, part, 0)
        })
      case 'distinct': // Once in a place, wherever it comes to be: below.
    }
  }
  contribute(row, (measure, at, value, scope, endMs, times = 1) => {
    const isHere = measure.of === undefined || measure.of === place.period
    if (!isHere || !sum.takes(measure)) return
    if (measure.kind === 'distinct') {
      // In the slice at the first place that falls in it, as long as the buckets are of such a period.
      const first = (at as Spread).places.find((one) => bucketsOf(place, one, scope).length > 0)
      if (first === undefined) return
      if (bucketsOf(place, first, scope).some((buckets) => isIn(place, buckets, first.atMs)))
        sum.add(measure, first.atMs, 1, 0)
      return
    }
    const currency = measure.kind === 'money' ? (at as Priced).currency : null
    for (const buckets of bucketsOf(place, at, scope))
      addIn(buckets, measure, { atMs: at.atMs, value, endMs, times, currency })
  })
  const { of, per, ms, atMs, currency } = sum
  return atMs === Infinity ? null : { of, per, ms, atMs: atMs as EpochMs, currency }
}

/** Of each slice of the place in which a moment counts. */
function bucketsOf({ tenant, slices }: Place, { atMs, credit }: Moment, scope: CreditScope) {
  const found: Buckets[] = []
  for (const slice of tenant.slices.idsOf(credit, scope, tenant.configAt(atMs))) {
    const buckets = slices.get(slice)
    if (buckets !== undefined) found.push(buckets)
  }
  return found
}

/** Whether what counts at an instant is in the records of these buckets.  */
function isIn({ tenant }: Place, { resolution, starts }: Buckets, atMs: EpochMs): boolean {
  if (resolution === 'minute') return starts.has(bucketStart(atMs, minuteMs))
  const slotStartMs = bucketStart(atMs, slotMs)
  if (resolution === 'slot') return starts.has(slotStartMs)
  return starts.has(tenant.dayStart(slotStartMs))
}
