import type { FirstReply, Opened, SessionEnded } from '../../subjects/row.ts'
import { type DurationMs, type EpochMs, secondMs } from '../../time/time.ts'
import { instantAfter } from './clocks.ts'
import { creditOf, type ContactContext } from './context.ts'
import type { ContactState, OwedReply } from './state.ts'

/**
 * An owed reply has ended at `atMs`: with an answer after `waitMs`, on the clock of its class, or without one (`null`). Without one it was missed unless it
 * ended by its threshold: then it is in no mean.
 */
export function waitedInSession(
  context: ContactContext,
  owed: OwedReply,
  atMs: EpochMs,
  waitMs: DurationMs | null,
): void {
  if (owed.outside !== null) return
  if (waitMs === null && atMs <= instantAfter(context, owed.clock, owed, owed.sessionMs)) return
  const { state } = context
  const before = state.sessionWaits ?? { replies: 0, waitMs: 0, missed: 0 }
  state.sessionWaits = {
    replies: before.replies + (waitMs === null ? 0 : 1),
    waitMs: before.waitMs + (waitMs ?? 0),
    missed: before.missed + (waitMs === null ? 1 : 0),
  }
}

/** The contact is over from here on: credited to its queue and whoever has it, else the last human who wrote. A contact that was over stays so. */
export function endSession({ state, config }: ContactContext, atMs: EpochMs): void {
  const { sessionWaits, queue, owner, lastHuman } = state
  if (state.phase !== 'open' || sessionWaits === null) return
  const limitMs = config.sessionMeanSeconds * secondMs
  state.sessionEnd = { atMs, queue, agent: owner ?? lastHuman, ...sessionWaits, limitMs }
}

/** A bot had the contact all along: nothing was ever owed. */
export function forgetSession(state: ContactState): void {
  state.sessionWaits = null
  state.sessionEnd = null
  state.firstReplyWithin = null
  state.dueReplies = null
}

export function sessionEnded(state: ContactState): SessionEnded | null {
  if (state.sessionEnd === null) return null
  const { atMs, replies, waitMs, missed, limitMs } = state.sessionEnd
  return { atMs, credit: creditOf(state, state.sessionEnd), replies, waitMs, missed, limitMs }
}

/** At the opening. */
export function firstReply(
  { firstReplyWithin: isWithin }: ContactState,
  opened: Opened | null,
): FirstReply | null {
  if (opened === null || isWithin === null) return null
  const { atMs, credit, isResolvedInTime: isResolved } = opened
  return { atMs, credit, isWithin, isResolved }
}
