import { type ClosedKind, type EpochMs, type LocalTime, periodAt } from '@deskpulse/core/time'
import type { Frame } from './closing-period.ts'

const longer: readonly ClosedKind[] = ['week', 'month', 'quarter', 'year']
/** Some years of a back-fill. */
const heldMax = 10_000

/** The periods that a bucket is part of: to find one takes long, and it is asked for with every fold. */
export class Frames {
  #hours = new Map<EpochMs, Frame>()
  #days = new Map<EpochMs, readonly [day: Frame, ...longer: Frame[]]>()

  #localTime: LocalTime = ''

  hourOf(slotStartMs: EpochMs, localTime: LocalTime): Frame {
    this.#follow(localTime)
    if (this.#hours.size >= heldMax) this.#hours = new Map()
    return this.#hours.getOrInsertComputed(slotStartMs, () =>
      frameAt('hour', slotStartMs, localTime),
    )
  }

  /** The day, then every longer period that it is in. */
  daysOf(dayStartMs: EpochMs, localTime: LocalTime): readonly [day: Frame, ...longer: Frame[]] {
    this.#follow(localTime)
    if (this.#days.size >= heldMax) this.#days = new Map()
    return this.#days.getOrInsertComputed(dayStartMs, () => [
      frameAt('day', dayStartMs, localTime),
      ...longer.map((kind) => frameAt(kind, dayStartMs, localTime)),
    ])
  }

  #follow(localTime: LocalTime): void {
    if (this.#localTime === localTime) return
    this.#localTime = localTime
    this.#hours = new Map()
    this.#days = new Map()
  }
}

function frameAt(kind: ClosedKind, atMs: EpochMs, localTime: LocalTime): Frame {
  const { startMs, endMs } = periodAt(kind, atMs, localTime)
  return { kind, startMs, endMs }
}
