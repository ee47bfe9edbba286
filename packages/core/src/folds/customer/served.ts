import { dimensionSet, equalDimensions, numberOf } from '../../measures/dimension-set.ts'
import type { CustomerPeriodRow, Moment } from '../../subjects/row.ts'
import { RowSet } from '../../subjects/row-set.ts'
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

/** The same rows of a customer who was answered often: an answer more costs the places of its periods, however many there are. */
export class ServedPeriods {
  readonly rows: RowSet
  readonly #localTime: () => LocalTime

  /** What these tell is committed. `localTime`: as it is known by now. */
  constructor(served: Iterable<Served>, localTime: () => LocalTime) {
    this.rows = new RowSet(customerPeriodRows(served, localTime()))
    this.#localTime = localTime
  }

  add({ atMs, credit }: Served): void {
    const place: Moment = { atMs, credit: dimensionSet(credit, credit) }
    const starts = periodStarts(atMs, this.#localTime())
    for (const period of closedKinds) {
      const startMs = starts[period]
      const row = this.rows.get(`customer-period/${period}/${startMs}`)
      const before = row?.grain === 'customer-period' ? row.served.places : []
      const places = withPlace(before, place)
      if (places !== before) this.rows.put(rowOfPlaces(period, startMs, places))
    }
  }

  /** All of them anew, as an answer was taken back or moved. */
  replace(served: Iterable<Served>): void {
    this.rows.replaceAll(customerPeriodRows(served, this.#localTime()))
  }
}

/** Of several answers in one place the first counts. */
function withPlace(places: readonly Moment[], place: Moment): readonly Moment[] {
  const known = places.find(({ credit }) => equalDimensions(credit, place.credit))
  if (known !== undefined && known.atMs <= place.atMs) return places
  const others = places.filter((other) => other !== known)
  const at = others.findIndex(({ atMs }) => atMs > place.atMs)
  return at === -1 ? [...others, place] : others.toSpliced(at, 0, place)
}

/** `places`: by the number of their credit. */
type Found = {
  readonly period: ClosedKind
  readonly startMs: EpochMs
  readonly places: Map<number, Moment>
}

const rowOf = ({ period, startMs, places }: Found): CustomerPeriodRow =>
  rowOfPlaces(period, startMs, [...places.values()])

function rowOfPlaces(
  period: ClosedKind,
  startMs: EpochMs,
  places: readonly Moment[],
): CustomerPeriodRow {
  return { grain: 'customer-period', period, startMs, served: { ...places[0]!, places } }
}
