import type { EpochMs } from '../time/time.ts'
import type { ContactRule, AgentRule, SourceRule } from './rule.ts'

/** Something that goes on, or did: an owed reply, a wait in a queue, an agent's state, a source's silence. `[sinceMs, endedMs)`. */
export type Span = { readonly sinceMs: EpochMs; readonly endedMs: EpochMs | null }

/** An alert that fires. */
export type ActiveAlert = {
  readonly number: number
  readonly sinceMs: EpochMs
  /** The deadline that passed, moved to the rule's next hours where it fell outside them. */
  readonly startedMs: EpochMs
  readonly late: boolean
}

/** What the fold remembers of a subject's alerts; plain data. `counts`: how many alerts each rule ever began on it. */
export type WatchState = {
  readonly active: Readonly<Record<string, ActiveAlert>>
  readonly counts: Readonly<Record<string, number>>
}
export const unwatched: WatchState = { active: {}, counts: {} }

export type FoldedRule = ContactRule | AgentRule | SourceRule
/** A rule that applies to the subject as it stands, with the spans that it looks at. */
export type Applied = {
  readonly rule: FoldedRule
  /** What goes on now; `null`: nothing that this rule looks at. */
  readonly current: Span | null
  /** What ended lately, oldest first. */
  readonly past: readonly Span[]
}

export type DeadlineChange = {
  readonly rule: string
  readonly active: ActiveAlert
  readonly status: 'firing' | 'resolved'
  readonly endedMs: EpochMs | null
  readonly end: 'over' | 'retracted' | 'withdrawn' | null
}

export type DeadlineDecision = {
  readonly state: WatchState
  readonly changes: readonly DeadlineChange[]
  /** Log time at which something changes by time alone; `null`: never. */
  readonly nextMs: EpochMs | null
}
