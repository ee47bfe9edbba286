import { dimensionSet, numberOf } from '../../measures/dimension-set.ts'
import type { CustomerPeriodRow, Moment } from '../../subjects/row.ts'
import type { LocalTime } from '../../time/local-time.ts'
import { periodStarts } from '../../time/period-starts.ts'
import { type ClosedKind, closedKinds } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Served } from './session.ts'

/**
 * The periods in which a customer was answered, each with where: of several answers in one place the first. Distinct counts do not merge, neither over
 * time nor over slices, so that each period of each kind is a row of its own.
 */
export function customerPeriodRows(
  served: Iterable<Served>,
  localTime: LocalTime,
): CustomerPeriodRow[] {
  const found = new Map<string, Found>()
  for (const { atMs, credit } of [...served].sort((a, b) => a.atMs - b.atMs)) {
    const place: Moment = { atMs, credit: dimensionSet(credit, credit) }
    const starts = periodStarts(atMs, localTime)
    for (const period of closedKinds) {
      const startMs = starts[period]
      const { places } = found.getOrInsertComputed(`${period}/${startMs}`, () => ({
        ...{ period, startMs, places: new Map() },
      }))
      const number = numberOf(place.credit)
      if (!places.has(number)) places.set(number, place)
    }
  }
  return [...found.values()].map(rowOf)
}

/** `places`: by the number of their credit. */
type Found = {
  readonly period: ClosedKind
  readonly startMs: EpochMs
  readonly places: Map<number, Moment>
}

function rowOf({ period, startMs, places }: Found): CustomerPeriodRow {
  const all = [...places.values()]
  return { grain: 'customer-period', period, startMs, served: { ...all[0]!, places: all } }
}
