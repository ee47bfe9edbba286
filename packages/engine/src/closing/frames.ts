import { type ClosedKind, type EpochMs, periodAt } from '@deskpulse/core/time'
import type { Frame } from './closing-period.ts'

const longer: readonly ClosedKind[] = ['week', 'month', 'quarter', 'year']
/** Some years of a back-fill. */
const heldMax = 10_000

/** The periods that a bucket is part of: to find one takes long, and it is asked for with every fold. */
export class Frames {
  #hours = new Map<EpochMs, Frame>()
  #days = new Map<EpochMs, readonly [day: Frame, ...longer: readonly Frame[]]>()

  /** `timeZone`: in force at the start of the slot. */
  hourOf(slotStartMs: EpochMs, timeZone: string): Frame {
    if (this.#hours.size >= heldMax) this.#hours = new Map()
    return this.#hours.getOrInsertComputed(slotStartMs, () =>
      frameAt('hour', slotStartMs, timeZone),
    )
  }

  /** The day, then every longer period that it is in. */
  daysOf(
    dayStartMs: EpochMs,
    timeZone: string,
  ): readonly [day: Frame, ...longer: readonly Frame[]] {
    if (this.#days.size >= heldMax) this.#days = new Map()
    return this.#days.getOrInsertComputed(dayStartMs, () => [
      frameAt('day', dayStartMs, timeZone),
      ...longer.map((kind) => frameAt(kind, dayStartMs, timeZone)),
    ])
  }
}

function frameAt(kind: ClosedKind, atMs: EpochMs, timeZone: string): Frame {
  const { startMs, endMs } = periodAt(kind, atMs, timeZone)
  return { kind, startMs, endMs }
}
