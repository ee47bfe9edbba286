import { equalRows } from '../../subjects/row-set.ts'
import type { AgentTimeRow } from '../../subjects/row.ts'
import { bucketStart, minuteMs, slotMs, type EpochMs } from '../../time/time.ts'
import type { Progress, Sweep } from './sweep.ts'

/** A quarter-hour whose rows differ from those of the refold before. */
export type AgentSlotChange = {
  readonly startMs: EpochMs
  readonly before: readonly AgentTimeRow[]
  readonly after: readonly AgentTimeRow[]
}

/** A place where a sweep may begin: how things stood before anything that happens at `atMs`, and what its slot had contributed by then. */
export type Resumption = {
  readonly atMs: EpochMs
  readonly before: Progress
  readonly rows: readonly AgentTimeRow[]
}

/** `before`: how things stood before anything that happens at its start. `rows`: in order of time, none across the slot's bounds. */
export type FoldedSlot = {
  readonly startMs: EpochMs
  readonly before: Progress
  readonly rows: readonly AgentTimeRow[]
}

const noRows: readonly AgentTimeRow[] = []

/** Where so many of the last folds stopped, the next may resume: most of what comes is newer than the last of them. */
const stopsKept = 2

/**
 * The quarter-hours of a day folded so far. A later fold resumes at the start of any of them, and in the last one, where most changes are, at
 * every minute and where the last folds stopped.
 */
export class FoldedSlots {
  readonly #dayStartMs: EpochMs
  readonly #dayEndMs: EpochMs
  #slots: FoldedSlot[] = []
  /** Minutes of the last slot but its first, and the last stops, ascending. */
  #marks: Resumption[] = []

  constructor(dayStartMs: EpochMs, dayEndMs: EpochMs) {
    this.#dayStartMs = dayStartMs
    this.#dayEndMs = dayEndMs
  }

  *rows(): Generator<AgentTimeRow> {
    for (const slot of this.#slots) yield* slot.rows
  }

  /** Those that end after an instant. */
  slotsFrom(fromMs: EpochMs): readonly FoldedSlot[] {
    return this.#slots.slice(this.#indexOf(fromMs))
  }

  /** The end of the last slot, if it holds rows and is not over; else `null`. */
  runningEndMs(untilMs: EpochMs): EpochMs | null {
    const last = this.#slots.at(-1)
    if (last === undefined || last.rows.length === 0 || last.startMs + slotMs <= untilMs)
      return null
    return (last.startMs + slotMs) as EpochMs
  }

  /** How many rows it holds. */
  get rowCount(): number {
    return this.#slots.reduce((sum, { rows }) => sum + rows.length, 0)
  }

  /** The last place where everything before `fromMs` still stands; `null`: only the day's start. */
  resumption(fromMs: EpochMs): Resumption | null {
    const mark = this.#marks.findLast(({ atMs }) => atMs <= fromMs)
    if (mark !== undefined) return mark
    const slot = this.#slots[Math.min(this.#indexOf(fromMs), this.#slots.length - 1)]
    return slot === undefined || slot.startMs === this.#dayStartMs
      ? null
      : { atMs: slot.startMs, before: slot.before, rows: [] }
  }

  /** Replaces what was folded from `resumed` on, where `sweep` stands, with a fold up to `untilMs`. `null`: the whole day. */
  refold(resumed: Resumption | null, sweep: Sweep, untilMs: EpochMs): AgentSlotChange[] {
    const fromMs = resumed?.atMs ?? this.#dayStartMs
    const first = this.#indexOf(fromMs)
    const replaced = this.#slots.splice(first)
    while ((this.#marks.at(-1)?.atMs ?? -Infinity) > fromMs) this.#marks.pop()
    for (
      let index = first;
      this.#startOf(index) <= untilMs && this.#startOf(index) < this.#dayEndMs;
      index += 1
    ) {
      const startMs = this.#startOf(index)
      const isResumed = index === first && startMs < fromMs
      const before = isResumed ? replaced[0]!.before : sweep.progress
      const rows = isResumed ? [...resumed!.rows] : []
      this.#foldSlot(startMs, isResumed ? fromMs : startMs, rows, sweep, untilMs)
      this.#slots.push({ startMs, before, rows: rows.length === 0 ? noRows : rows })
    }
    return changedSlots(replaced, this.#slots.slice(first))
  }

  /** Adds to `rows` what the slot contributes from `fromMs` on. */
  #foldSlot(
    startMs: EpochMs,
    fromMs: EpochMs,
    rows: AgentTimeRow[],
    sweep: Sweep,
    untilMs: EpochMs,
  ): void {
    const endMs = (startMs + slotMs) as EpochMs
    if (endMs <= untilMs) {
      this.#marks = []
      sweep.over(fromMs, endMs, rows)
      sweep.seal(endMs, rows)
      return
    }
    let atMs = fromMs
    while (atMs < untilMs) {
      const nextMs = Math.min(bucketStart(atMs, minuteMs) + minuteMs, untilMs) as EpochMs
      sweep.over(atMs, nextMs, rows)
      this.#mark(nextMs, sweep, rows)
      atMs = nextMs
    }
    this.#forgetStops()
    // What happens at the instant itself: another fold up to it may find more.
    if (fromMs === untilMs || sweep.nextInstantMs() <= untilMs)
      sweep.over(untilMs, (untilMs + 1) as EpochMs, rows)
  }

  #mark(atMs: EpochMs, { progress }: Sweep, rows: readonly AgentTimeRow[]): void {
    const known = this.#marks.at(-1)?.rows ?? noRows // Those of a mark before are the first ones.
    this.#marks.push({
      atMs,
      before: progress,
      rows: known.length === rows.length ? known : [...rows],
    })
  }

  #forgetStops(): void {
    const oldest = this.#marks.length - stopsKept
    const place = this.#marks.findIndex(
      ({ atMs }, index) => index < oldest && bucketStart(atMs, minuteMs) !== atMs,
    )
    if (place >= 0) this.#marks.splice(place, 1)
  }

  #indexOf(atMs: EpochMs): number {
    return Math.max(0, Math.floor((Math.min(atMs, this.#dayEndMs - 1) - this.#dayStartMs) / slotMs))
  }

  #startOf(index: number): EpochMs {
    return (this.#dayStartMs + index * slotMs) as EpochMs
  }
}

/** Compares what two folds say of the same stretch of slots; either may reach further. */
function changedSlots(
  before: readonly FoldedSlot[],
  after: readonly FoldedSlot[],
): AgentSlotChange[] {
  const changes: AgentSlotChange[] = []
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const { startMs } = (after[index] ?? before[index])!
    const change = { startMs, before: before[index]?.rows ?? [], after: after[index]?.rows ?? [] }
    if (!sameRows(change.before, change.after)) changes.push(change)
  }
  return changes
}

function sameRows(a: readonly AgentTimeRow[], b: readonly AgentTimeRow[]): boolean {
  return a.length === b.length && a.every((row, index) => equalRows(row, b[index]!))
}
