import { dimensionSet, type DimensionSet } from '../../measures/dimension-set.ts'
import type { RowSet } from '../../subjects/row-set.ts'
import type { AgentTimeRow, ShiftTimeRow } from '../../subjects/row.ts'
import { bucketStart, slotMs, type EpochMs, type Interval } from '../../time/time.ts'
import { actualOf } from './activity.ts'
import type { DateChange, ShiftChange } from './engagement.ts'
import { plannedIn, type PlannedPiece, shiftOverMs, type Shift } from './shift.ts'
import { SlotRows } from './slot-rows.ts'
import type { AgentStretch } from './stretches.ts'

/** Signed-in time on earlier days of shifts that go on, by shift id, ascending. */
export type CarriedShifts = readonly (readonly [shiftId: string, signedInMs: number])[]

/** The agent's day, as far as it was folded. */
export type FoldedDay = {
  /** Quarter-hours from an instant on, with the rows of the agent's time in them. */
  readonly slotsFrom: (
    fromMs: EpochMs,
  ) => readonly { readonly startMs: EpochMs; readonly rows: readonly AgentTimeRow[] }[]
  /** How the agent stood in a quarter-hour that is over. */
  readonly stretchesIn: (slotStartMs: EpochMs) => readonly AgentStretch[]
}

const none: CarriedShifts = []

/**
 * The shifts of an agent on a UTC day (semantics 16): its time in them and around them, quarter-hour by quarter-hour once each is over, and those that end on the day. An agent
 * of whom no state was told by then has neither.
 */
export class ShiftDay {
  readonly #credit: DimensionSet
  readonly #day: Interval
  /** The local date of an instant that has come. */
  readonly #dateOf: (atMs: EpochMs) => string
  readonly #shifts = new Map<string, Shift>()
  /** Local dates whose attendance was told by hand. */
  readonly #dates = new Set<string>()
  #carried = new Map<string, number>()
  readonly #rows: RowSet
  readonly #times: SlotRows
  /** Shifts that have a row. */
  readonly #told = new Set<string>()
  #isStale = false

  constructor(agentId: string, day: Interval, dateOf: (atMs: EpochMs) => string, rows: RowSet) {
    this.#credit = dimensionSet({ agent: agentId })
    this.#day = day
    this.#dateOf = dateOf
    this.#rows = rows
    this.#times = new SlotRows(rows)
  }

  get count(): number {
    return this.#shifts.size + this.#dates.size
  }

  putShift({ shiftId, shift }: ShiftChange): void {
    if (shift === null) this.#shifts.delete(shiftId)
    else this.#shifts.set(shiftId, shift)
    this.#isStale = true
  }

  putDate({ date, isTold }: DateChange): void {
    if (isTold) this.#dates.add(date)
    else this.#dates.delete(date)
    this.#isStale = true
  }

  /** What to apply to none of it to have all of it. */
  whole(): { readonly shifts: readonly ShiftChange[]; readonly dates: readonly DateChange[] } {
    return {
      shifts: Array.from(this.#shifts, ([shiftId, shift]) => ({ shiftId, shift })),
      dates: Array.from(this.#dates, (date) => ({ date, isTold: true })),
    }
  }

  carryIn(carried: CarriedShifts): void {
    this.#carried = new Map(carried)
    this.#isStale = true
  }

  /** Signed-in time up to the end of the day, which is over, of shifts that go on. */
  carryOut(folded: FoldedDay): CarriedShifts {
    if (this.#shifts.size === 0) return none
    const { endMs: dayEndMs } = this.#day
    return [...this.#shifts]
      .filter(([, { startMs, endMs }]) => startMs < dayEndMs && endMs > dayEndMs)
      .map(([id, shift]) => [id, this.#signedInMs(id, shift, folded)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Puts the rows of what was folded anew from `fromMs` on, as far as it is over. */
  tell(fromMs: EpochMs, stopMs: EpochMs, folded: FoldedDay): void {
    this.#times.stopAt(stopMs)
    if (this.#shifts.size === 0 && !this.#isStale) return
    const changedMs = this.#isStale ? this.#day.startMs : fromMs
    for (const { startMs } of folded.slotsFrom(changedMs)) {
      const slot = { startMs, endMs: (startMs + slotMs) as EpochMs }
      if (slot.endMs > stopMs) break
      const pieces = plannedIn(this.#shifts, slot)
      const stretches = pieces.length === 0 ? [] : folded.stretchesIn(startMs)
      this.#times.put(startMs, timeRows(pieces, stretches, this.#credit))
    }
    this.#tellShifts(changedMs, stopMs, folded)
    this.#isStale = false
  }

  /** When a quarter-hour in which something is scheduled is over next; Infinity: none on this day. */
  nextWakeMs(stopMs: EpochMs): number {
    let nextMs = Infinity
    for (const { startMs, endMs } of this.#shifts.values()) {
      const fromMs = bucketStart(Math.max(stopMs, startMs) as EpochMs, slotMs)
      if (fromMs < endMs && fromMs < this.#day.endMs) nextMs = Math.min(nextMs, fromMs + slotMs)
    }
    return nextMs
  }

  /** A shift counts on the day of its last instant, unless what was told by hand of its date does. */
  #tellShifts(changedMs: EpochMs, stopMs: EpochMs, folded: FoldedDay): void {
    for (const id of this.#told) if (!this.#shifts.has(id)) this.#removeShift(id)
    for (const [id, shift] of this.#shifts) {
      const overMs = shiftOverMs(shift)
      const isOver = overMs > this.#day.startMs && overMs <= this.#day.endMs && overMs <= stopMs
      if (isOver && changedMs >= overMs) continue // It stands.
      if (isOver && !this.#dates.has(this.#dateOf(shift.startMs)) && isKnownAtEnd(shift, folded))
        this.#putShift(id, shift, folded)
      else this.#removeShift(id)
    }
  }

  #putShift(shiftId: string, shift: Shift, folded: FoldedDay): void {
    const { startMs, endMs } = shift
    const signedInMs = this.#signedInMs(shiftId, shift, folded)
    this.#told.add(shiftId)
    this.#rows.put({
      ...{ grain: 'shift', shiftId, startMs },
      ended: { atMs: endMs, credit: this.#credit },
      ...{ signedInMs, isAttended: 2 * signedInMs >= endMs - startMs },
    })
  }

  #removeShift(shiftId: string): void {
    this.#told.delete(shiftId)
    this.#rows.remove(`shift/${shiftId}`)
  }

  /** With what days before had of it. Signed-in time is all of the agent's time that has a class. */
  #signedInMs(shiftId: string, { startMs, endMs }: Shift, folded: FoldedDay): number {
    let totalMs = this.#carried.get(shiftId) ?? 0
    const fromMs = Math.max(startMs, this.#day.startMs) as EpochMs
    for (const { rows } of folded.slotsFrom(fromMs))
      for (const row of rows)
        totalMs += Math.max(0, Math.min(row.toMs, endMs) - Math.max(row.fromMs, startMs))
    return totalMs
  }
}

/** A state had been told before its last instant was over. */
const isKnownAtEnd = ({ endMs }: Shift, { stretchesIn }: FoldedDay): boolean =>
  stretchesIn(bucketStart((endMs - 1) as EpochMs, slotMs)).some(({ startMs }) => startMs < endMs)

/** What was scheduled beside what the agent did. Around shifts productive time alone is told. */
function timeRows(
  pieces: readonly PlannedPiece[],
  stretches: readonly AgentStretch[],
  credit: DimensionSet,
): ShiftTimeRow[] {
  const rows: ShiftTimeRow[] = []
  for (const { scheduled, ...piece } of pieces) {
    for (const stretch of stretches) {
      const fromMs = Math.max(piece.startMs, stretch.startMs) as EpochMs
      const toMs = Math.min(piece.endMs, stretch.endMs) as EpochMs
      const actual = actualOf(stretch)
      if (fromMs >= toMs || (scheduled === null && actual !== 'productive')) continue
      const last = rows.at(-1)
      if (last?.toMs === fromMs && last.scheduled === scheduled && last.actual === actual)
        rows[rows.length - 1] = { ...last, toMs }
      else rows.push({ grain: 'shift-time', scheduled, actual, fromMs, toMs, credit })
    }
  }
  return rows
}
