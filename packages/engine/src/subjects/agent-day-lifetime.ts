import { contactRetentionMs, reorderHorizonMs } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'

/** Longer than the contacts that the agent was engaged with. */
const lifetimeDays = (contactRetentionMs + reorderHorizonMs) / dayMs

export type StoredLifetime = {
  readonly touchedDay: number | null
  readonly inheritedDay: number | null
}

/** The UTC day of a log time; a fold never reaches over the end of one. */
export const logDayOf = (logTimeMs: EpochMs): number => Math.floor(logTimeMs / dayMs)

/**
 * How long an agent's day is kept, in whole UTC days of log time since the last entry that touched it: an event of the agent on that day, one of a
 * contact that names the agent on that day, or on the local day that begins on it, one of a shift or an attendance that is of that day. A day that none touched, which
 * the agent only carried on into, is kept as long as the one before it. No fold reaches over a midnight of log time, so all that comes in one is judged
 * by the same day, and batches do not matter.
 */
export class AgentDayLifetime {
  readonly #utcDay: number
  #touchedDay: number | null
  #inheritedDay: number | null

  constructor(
    utcDay: number,
    { touchedDay, inheritedDay }: StoredLifetime = { touchedDay: null, inheritedDay: null },
  ) {
    this.#utcDay = utcDay
    this.#touchedDay = touchedDay
    this.#inheritedDay = inheritedDay
  }

  get isTouched(): boolean {
    return this.#touchedDay !== null
  }

  /** The log day of the last entry; before the first one, the day itself. */
  get lastDay(): number {
    return this.#touchedDay ?? this.#inheritedDay ?? this.#utcDay
  }

  /** From here on, in log time, the day takes in nothing more. */
  get endMs(): EpochMs {
    return ((Math.max(this.lastDay, this.#utcDay) + lifetimeDays + 1) * dayMs) as EpochMs
  }

  /** A day of which nothing is known yet takes in whatever comes. */
  isPast(logTimeMs: EpochMs): boolean {
    return (this.#touchedDay ?? this.#inheritedDay) !== null && logTimeMs >= this.endMs
  }

  /** @returns whether that changed anything. */
  touch(logTimeMs: EpochMs): boolean {
    const day = logDayOf(logTimeMs)
    if (this.isPast(logTimeMs) || day <= (this.#touchedDay ?? -Infinity)) return false
    this.#touchedDay = day
    return true
  }

  /** `day`: the `lastDay` of the day before. @returns whether that changed anything. */
  inherit(day: number): boolean {
    if (this.#touchedDay !== null || this.#inheritedDay === day) return false
    this.#inheritedDay = day
    return true
  }

  store(): StoredLifetime {
    return { touchedDay: this.#touchedDay, inheritedDay: this.#inheritedDay }
  }
}
