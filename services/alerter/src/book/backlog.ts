import { type AlertTransition, lateAfterMs, summarySubjectOf } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { foundSoonMs, settleMaxMs, settleMs } from './limits.ts'

/**
 * Old news, as it comes after an outage or when history is filled in: what ended may still be to come, however long the rest of it takes. So none of it
 * is told before there was none for `settleMs`; where it never ends, all of it together every `settleMaxMs`: a few messages, whatever comes.
 */
export type Backlog = {
  /** A transition was taken in. */
  saw(transition: AlertTransition, nowMs: EpochMs): void
  /** When it may be told of what was taken in at `takenMs` as old news. */
  settledMs(takenMs: EpochMs, nowMs: EpochMs): EpochMs
}

export const isOldNews = ({ detectedMs }: AlertTransition, nowMs: EpochMs): boolean =>
  nowMs - detectedMs > lateAfterMs

/**
 * A deadline that was found well after it passed: its source sends what happened in batches, or history is being filled in. The answer may be in the
 * next batch, so it waits a while by itself; a source that is always behind must not hold it back for longer.
 */
export const isFoundBehind = (transition: AlertTransition): boolean =>
  isFolded(transition) && transition.detectedMs - transition.startedMs > foundSoonMs

/** A deadline of a contact, an agent or a source: the log's order says when it is found. Others, as of a full dimension, are told by themselves. */
export const isFolded = ({ kind, subject }: AlertTransition): boolean =>
  kind === 'deadline' && summarySubjectOf(subject) !== null

/** @param startedMs a process does not know what the one before it took in last */
export function backlogSince(startedMs: EpochMs): Backlog {
  let lastMs = startedMs
  return {
    saw(transition, nowMs) {
      if (isOldNews(transition, nowMs) || transition.late) lastMs = nowMs
    },
    settledMs(takenMs, nowMs) {
      if (takenMs > nowMs || lastMs > nowMs) return nowMs // The clock was put back.
      const atLastMs = Math.ceil((takenMs + settleMaxMs) / settleMaxMs) * settleMaxMs
      return Math.min(Math.max(takenMs, lastMs) + settleMs, atLastMs) as EpochMs
    },
  }
}
