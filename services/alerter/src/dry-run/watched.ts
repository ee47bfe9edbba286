import type { Applied, DeadlineClock, WatchState } from '@deskpulse/core/alerts'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'

/** An event of the log as it was received. */
export type Arrival = {
  readonly event: CanonicalEvent
  readonly text: string
  readonly receivedMs: EpochMs
}

/** The subjects of one rule, folded in the order of the log: contacts, agents or sources. */
export type Watched = {
  /** Takes an event in. @returns the subject that it touched; `null`: none. */
  take(arrival: Arrival, clock: DeadlineClock): string | null
  /** The rule and its spans as the subject stands at log time. */
  view(subject: string, nowMs: EpochMs, state: WatchState, clock: DeadlineClock): SubjectView
  /** Whether enough was read of the subject to believe what was found of it; asked at the end. */
  isKnown(subject: string): boolean
}

export type SubjectView = {
  readonly applied: readonly Applied[]
  /** Canonical text: where it stands. */
  readonly slice: string
  /** When it changes by time alone; `null`: never. */
  readonly nextMs: EpochMs | null
}
