import { dimensionSet, equalDimensions, numberOf } from '../../measures/dimension-set.ts'
import type { AgentDayRow, Moment } from '../../subjects/row.ts'
import type { RowSet } from '../../subjects/row-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { HandledChange } from './engagement.ts'

/** When contacts of an agent were handled, by the local days that begin on a UTC day: one, but where the time zone changes. */
export class HandledDays {
  readonly #days = new Map<EpochMs, Map<string, Moment>>()
  readonly #stale = new Set<EpochMs>()

  get count(): number {
    let count = 0
    for (const day of this.#days.values()) count += day.size
    return count
  }

  apply({ contactId, dayStartMs, handled }: HandledChange): void {
    const day = this.#days.getOrInsertComputed(dayStartMs, () => new Map())
    if (handled === null) day.delete(contactId)
    else day.set(contactId, { ...handled, credit: dimensionSet(handled.credit, handled.credit) })
    this.#stale.add(dayStartMs)
  }

  /** What to apply to none of it to have all of it. */
  whole(): HandledChange[] {
    return Array.from(this.#days).flatMap(([dayStartMs, day]) =>
      Array.from(day, ([contactId, handled]) => ({ contactId, dayStartMs, handled })),
    )
  }

  /** Puts the rows that may have changed since the last call. */
  tell(rows: RowSet): void {
    for (const dayStartMs of this.#stale) {
      const places = placesOf(this.#days.get(dayStartMs)!)
      if (places.length === 0) rows.remove(`agent-day/${dayStartMs}`)
      else rows.put(rowOf(dayStartMs, places))
    }
    this.#stale.clear()
  }
}

const rowOf = (startMs: EpochMs, places: readonly Moment[]): AgentDayRow => ({
  grain: 'agent-day',
  startMs,
  handled: { ...places[0]!, places },
})

/** Of several in one place the first; of one instant, that of the first contact by id. */
function placesOf(handled: Iterable<readonly [contactId: string, Moment]>): Moment[] {
  const firsts = new Map<number, readonly [contactId: string, Moment]>()
  for (const one of handled) {
    const number = numberOf(one[1].credit)
    const first = firsts.get(number)
    if (first === undefined || inOrder(one, first) < 0) firsts.set(number, one)
  }
  const places = [...firsts.values()].sort(inOrder).map(([, place]) => place)
  // Sets of the same values have two numbers once their table was started over.
  return places.filter(
    ({ credit }, nth) => places.findIndex((other) => equalDimensions(other.credit, credit)) === nth,
  )
}

const inOrder = (
  [a, { atMs }]: readonly [contactId: string, Moment],
  [b, other]: readonly [contactId: string, Moment],
): number => atMs - other.atMs || (a < b ? -1 : 1)
