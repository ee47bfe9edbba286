import type { EpochMs, Subject } from '@deskpulse/core'
import type { Announcer, Moment } from './announcer.ts'

/** Something whose alerts are decided in the order of the log. */
export type Watched = {
  readonly subject: Subject
  /** Decides them as it stands. @returns the log time at which time alone changes something; `null`: never. */
  decide(moment: Moment, announcer: Announcer): EpochMs | null
}

type Due = { readonly atMs: EpochMs; readonly watched: Watched }

/**
 * When what is decided, so that it does not depend on how the log is cut into folds: before the entries of a record all that is due by its log time,
 * after them all that they touched. To decide something again at a record, when nothing happened to it, changes nothing.
 */
export class Watch {
  readonly #announcer: Announcer
  /** The end of the fold: what is due later is the store's wakes'. */
  readonly #untilMs: EpochMs
  /** Latest first. */
  readonly #due: Due[] = []
  /** When each is due, by its last decision. */
  readonly #next = new Map<Watched, EpochMs>()

  constructor(announcer: Announcer, untilMs: EpochMs) {
    this.#announcer = announcer
    this.#untilMs = untilMs
  }

  /** It is decided before the entries of the first record at or after `atMs`. */
  put(watched: Watched, atMs: EpochMs): void {
    if (this.#next.get(watched) === atMs) return
    this.#next.set(watched, atMs)
    const due = { atMs, watched }
    let [from, to] = [0, this.#due.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (isBefore(this.#due[middle]!, due)) to = middle
      else from = middle + 1
    }
    this.#due.splice(from, 0, due)
  }

  passDue(moment: Moment): void {
    for (
      let first = this.#due.at(-1);
      first !== undefined && first.atMs <= moment.nowMs;
      first = this.#due.at(-1)
    ) {
      this.#due.pop()
      this.#next.delete(first.watched)
      this.decide(first.watched, moment)
    }
  }

  decide(watched: Watched, moment: Moment): void {
    const nextMs = watched.decide(moment, this.#announcer)
    if (nextMs !== null && nextMs <= this.#untilMs) this.put(watched, nextMs)
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.watched.subject < b.watched.subject)
}
