import { dimensionSet, equalDimensions, numberOf } from '../../measures/dimension-set.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import type { CustomerPeriodRow, Moment, Spread } from '../../subjects/row.ts'
import { RowSet } from '../../subjects/row-set.ts'
import type { LocalTime } from '../../time/local-time.ts'
import { periodStarts } from '../../time/period-starts.ts'
import { type ClosedKind, closedKinds } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { DueReplies, Session } from './session.ts'

const whats = [
  ...(['served', 'due', 'missed'] as const),
  ...(['paid', 'advised', 'converted', 'inquired', 'bought'] as const),
  ...(['paidBefore', 'retained'] as const),
] as const

/** What a customer counts for, once in a period: somebody answered, a reply came due, it was missed; and in sales. */
export type Occasion = {
  readonly what: (typeof whats)[number]
  /** The kind of the periods in which alone it counts; absent: in those of every kind. */
  readonly period?: ClosedKind
  readonly atMs: EpochMs
  readonly credit: DimensionValues
}

/** All that a contact tells of. */
export function occasionsOf({ served, due }: Pick<Session, 'served' | 'due'>): Occasion[] {
  const first: Occasion[] = served === null ? [] : [{ what: 'served', ...served }]
  return [...first, ...dueOccasions(due, 0)]
}

/** Of the replies from a place in their list on. What was missed came due, too. */
export function dueOccasions(due: DueReplies | null, from: number): Occasion[] {
  if (due === null) return []
  const { replies, channel, class: channelClass, attributes } = due
  return replies.slice(from).flatMap(({ atMs, queue, agent, isMissed }): Occasion[] => {
    const place = { queue: queue ?? 'none', agent: agent ?? 'none', channel, class: channelClass }
    const credit = dimensionSet(place, attributes)
    const one = { what: 'due', atMs, credit } as const
    return isMissed ? [one, { ...one, what: 'missed' }] : [one]
  })
}

/**
 * The periods in which a customer counts, each with where: of several occasions of a kind in one place the first. Distinct counts do not merge, neither over
 * time nor over slices, so that each period of each kind is a row of its own.
 */
export function customerPeriodRows(
  occasions: Iterable<Occasion>,
  localTime: LocalTime,
): CustomerPeriodRow[] {
  const found = new Map<string, Found>()
  for (const { what, ...occasion } of [...occasions].sort((a, b) => a.atMs - b.atMs)) {
    const place = placeOf(occasion)
    const starts = periodStarts(place.atMs, localTime)
    for (const period of kindsOf(occasion)) {
      const startMs = starts[period]
      const { places } = found.getOrInsertComputed(`${period}/${startMs}`, () => ({
        ...{ period, startMs },
        places: new Map(),
      }))
      const its = places.getOrInsertComputed(what, () => new Map<number, Moment>())
      const number = numberOf(place.credit)
      if (!its.has(number)) its.set(number, place)
    }
  }
  return [...found.values()].map(rowOf)
}

/** The same rows of a customer who counts often: an occasion more costs the places of its periods, however many there are. */
export class CustomerPeriods {
  readonly rows: RowSet
  readonly #localTime: () => LocalTime

  /** What these tell is committed. `localTime`: as it is known by now. */
  constructor(occasions: Iterable<Occasion>, localTime: () => LocalTime) {
    this.rows = new RowSet(customerPeriodRows(occasions, localTime()))
    this.#localTime = localTime
  }

  add({ what, ...occasion }: Occasion): void {
    const place = placeOf(occasion)
    const alone: Spread = { ...place, places: [place] }
    const starts = periodStarts(place.atMs, this.#localTime())
    for (const period of kindsOf(occasion)) {
      const startMs = starts[period]
      const key = `customer-period/${period}/${startMs}`
      const known = this.rows.get(key)
      const row = known?.grain === 'customer-period' ? known : null
      const before = row?.[what] ?? null
      const places = before === null ? alone.places : withPlace(before.places, place)
      if (places === before?.places) continue
      const spread = before === null ? alone : spreadOf(places)
      const now = {
        ...(row ?? ({ grain: 'customer-period', period, startMs, ...nothing } as const)),
        [what]: spread,
      }
      this.rows.put(now, key)
    }
  }

  /** All of them anew, as an occasion was taken back or moved. */
  replace(occasions: Iterable<Occasion>): void {
    this.rows.replaceAll(customerPeriodRows(occasions, this.#localTime()))
  }
}

const kindsOf = ({ period }: Pick<Occasion, 'period'>): readonly ClosedKind[] =>
  period === undefined ? closedKinds : [period]

const placeOf = ({ atMs, credit }: Omit<Occasion, 'what'>): Moment => ({
  atMs,
  credit: dimensionSet(credit, credit),
})

/** Of several occasions in one place the first counts. */
function withPlace(places: readonly Moment[], place: Moment): readonly Moment[] {
  const known = places.find(({ credit }) => equalDimensions(credit, place.credit))
  if (known !== undefined && known.atMs <= place.atMs) return places
  const others = places.filter((other) => other !== known)
  const at = others.findIndex(({ atMs }) => atMs > place.atMs)
  return at === -1 ? [...others, place] : others.toSpliced(at, 0, place)
}

const nothing = { served: null, due: null, missed: null } as const

/** `places`: of what the customer counts for, by the number of their credit. */
type Found = {
  readonly period: ClosedKind
  readonly startMs: EpochMs
  readonly places: Map<Occasion['what'], Map<number, Moment>>
}

function rowOf({ period, startMs, places }: Found): CustomerPeriodRow {
  const spreads = whats.flatMap((what) => {
    const its = places.get(what)
    return its === undefined ? [] : [[what, spreadOf([...its.values()])] as const]
  })
  return { grain: 'customer-period', period, startMs, ...nothing, ...Object.fromEntries(spreads) }
}

function spreadOf(places: readonly Moment[]): Spread {
  return { ...places[0]!, places }
}
