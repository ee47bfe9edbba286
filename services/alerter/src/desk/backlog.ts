import { type AlertTransition, type EpochMs, lateAfterMs, pipelineSubject } from '@deskpulse/core'
import { foundSoonMs, settleMaxMs, settleMs } from './limits.ts'

/**
 * Old news, as it comes after an outage or when a state is made again from the topic: what ended may still be to come, however long the rest of it takes.
 * So none of it is told before there was none for `settleMs`.
 */
export type Backlog = {
  /** A transition was taken in. */
  saw(transition: AlertTransition, nowMs: EpochMs): void
  /** When it may be told of what was taken in at `takenMs` as old news. */
  settledMs(takenMs: EpochMs, nowMs: EpochMs): EpochMs
}

export const isOldNews = ({ detectedMs }: AlertTransition, nowMs: EpochMs): boolean => nowMs - detectedMs > lateAfterMs

/**
 * A deadline that was found well after it passed: its source sends what happened in batches, or history is being filled in. The answer may be in the
 * next batch, so it waits a while by itself; a source that is always behind must not hold it back for longer.
 */
export const isFoundBehind = ({ kind, subject, startedMs, detectedMs }: AlertTransition): boolean =>
  kind === 'deadline' && subject !== pipelineSubject && detectedMs - startedMs > foundSoonMs

/** @param startedMs a process does not know what the one before it took in last */
export function backlogSince(startedMs: EpochMs): Backlog {
  let lastMs = startedMs
  return {
    saw(transition, nowMs) {
      if (isOldNews(transition, nowMs)) lastMs = nowMs
    },
    settledMs(takenMs, nowMs) {
      if (takenMs > nowMs || lastMs > nowMs) return nowMs // The clock was put back.
      return Math.min(Math.max(takenMs, lastMs) + settleMs, takenMs + settleMaxMs) as EpochMs
    },
  }
}
