import type { Subject } from '@deskpulse/core/state'
import { dueQueue, type EpochMs } from '@deskpulse/core/time'
import type { Announcer, Moment } from './announcer.ts'

/** Something whose alerts are decided in the order of the log. */
export type Watched = {
  readonly subject: Subject
  /** Decides them as it stands. @returns the log time at which time alone changes something; `null`: never. */
  decide(moment: Moment, announcer: Announcer): EpochMs | null
}

/**
 * When what is decided, so that it does not depend on how the log is cut into folds: before the entries of a record all that is due by its log time,
 * after them all that they touched. To decide something again at a record, when nothing happened to it, changes nothing.
 */
export class Watch {
  readonly #announcer: Announcer
  /** The end of the fold: what is due later is the store's wakes'. */
  readonly #untilMs: EpochMs
  readonly #due = dueQueue<Watched>(({ subject }) => subject)

  constructor(announcer: Announcer, untilMs: EpochMs) {
    this.#announcer = announcer
    this.#untilMs = untilMs
  }

  /** It is decided before the entries of the first record at or after `atMs`. */
  put(watched: Watched, atMs: EpochMs): void {
    this.#due.set(watched, atMs)
  }

  passDue(moment: Moment): void {
    const { nowMs } = moment
    for (let next = this.#due.take(nowMs); next !== null; next = this.#due.take(nowMs))
      this.decide(next, moment)
  }

  decide(watched: Watched, moment: Moment): void {
    const nextMs = watched.decide(moment, this.#announcer)
    if (nextMs !== null && nextMs <= this.#untilMs) this.put(watched, nextMs)
  }
}
