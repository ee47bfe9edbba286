import { contribute, type Kpi, type KpiValue, type ReadingPlan } from '@deskpulse/core/kpis'
import type { CreditScope, Measure } from '@deskpulse/core/measures'
import type { Moment, Row, Spread } from '@deskpulse/core/subjects'
import { bucketStart, type EpochMs, minuteMs, slotMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'

/** The buckets of a window or a period, as records are stored: minutes and slots by their starts, days by those of the tenant’s calendar. */
export type Buckets = {
  readonly resolution: 'minute' | 'slot' | 'day'
  readonly starts: ReadonlySet<number>
}

/** Where rows are counted: slices, by their numbers, each in buckets. */
export type Place = {
  readonly tenant: Tenant
  readonly slices: ReadonlyMap<number, Buckets>
  /** The kind of the period that they are; `null`: none of which distinct things are counted. */
  readonly period: ReadingPlan['period']
  /** The clock that the value is of, which says what counts beside what counts on the clocks of classes; absent: no clock runs in it. */
  readonly clock?: KpiValue['clock']
}

/**
 * What a row adds to a KPI. `of`, `per`: to its terms: how often it counts, or ms of a stretch of time. `ms`: of the durations that are counted in `of`.
 * `atMs`: the first instant at which it does.
 */
export type Contribution = {
  readonly atMs: EpochMs
  readonly of: number
  readonly per: number
  readonly ms: number
}

/** Whether a measure is one of the terms of a KPI, on a clock: of those that are added up, of those by which these are divided. */
export function termsOf(
  { terms }: Kpi,
  measure: Measure,
  clock?: Place['clock'],
): { readonly isOf: boolean; readonly isPer: boolean } {
  const isAmong = (all: readonly Measure[]): boolean =>
    all.includes(measure) ||
    (clock !== undefined &&
      clock !== 'class' &&
      all.some(({ shifts }) => shifts?.[clock] === measure))
  const isOf = terms !== null && 'of' in terms && isAmong(terms.of)
  const isPer = terms?.shape === 'ratio' && isAmong(terms.per)
  return { isOf, isPer }
}

/** Adds to the terms of a KPI. */
class Sum {
  of = 0
  per = 0
  ms = 0
  atMs = Infinity
  readonly #kpi: Kpi
  readonly #clock: Place['clock']

  constructor(kpi: Kpi, { clock }: Place) {
    this.#kpi = kpi
    this.#clock = clock
  }

  takes(measure: Measure): boolean {
    const { isOf, isPer } = termsOf(this.#kpi, measure, this.#clock)
    return isOf || isPer
  }

  add(measure: Measure, atMs: number, amount: number, ms: number): void {
    const { isOf, isPer } = termsOf(this.#kpi, measure, this.#clock)
    if (isOf) {
      this.of += amount
      this.ms += ms
    }
    if (isPer) this.per += amount
    this.atMs = Math.min(this.atMs, atMs)
  }
}

type Amount = {
  readonly atMs: EpochMs
  readonly value: number
  readonly endMs: EpochMs
  readonly times: number
}

/** What a row adds to a KPI in a place, as the fold adds it to the records there; `null`: nothing. */
export function contributionOf(row: Row, kpi: Kpi, place: Place): Contribution | null {
  const sum = new Sum(kpi, place)
  const addIn = (buckets: Buckets, measure: Measure, { atMs, value, endMs, times }: Amount) => {
    switch (measure.kind) {
      case 'count':
        return isIn(place, buckets, atMs) ? sum.add(measure, atMs, value, 0) : undefined
      case 'duration':
        return isIn(place, buckets, atMs) ? sum.add(measure, atMs, times, times * value) : undefined
      case 'span':
        for (let startMs = atMs; startMs < endMs;) {
          const nextMs = Math.min(endMs, bucketStart(startMs, minuteMs) + minuteMs) as EpochMs
          if (isIn(place, buckets, startMs)) sum.add(measure, startMs, nextMs - startMs, 0)
          startMs = nextMs
        }
        return
      case 'distinct': // Once in a place, wherever it comes to be: below.
    }
  }
  contribute(row, (measure, at, value, scope, endMs, times = 1) => {
    if (!sum.takes(measure)) return
    if (measure.kind === 'distinct') {
      // In the slice at the first place that falls in it, as long as the period is that of the buckets.
      const first = (at as Spread).places.find((one) => bucketsOf(place, one, scope).length > 0)
      if (first === undefined || measure.of !== place.period) return
      if (bucketsOf(place, first, scope).some((buckets) => isIn(place, buckets, first.atMs)))
        sum.add(measure, first.atMs, 1, 0)
      return
    }
    for (const buckets of bucketsOf(place, at, scope))
      addIn(buckets, measure, { atMs: at.atMs, value, endMs, times })
  })
  const { of, per, ms, atMs } = sum
  return atMs === Infinity ? null : { of, per, ms, atMs: atMs as EpochMs }
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
