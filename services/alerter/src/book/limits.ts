import { dayMs, hourMs, minuteMs, secondMs } from '@deskpulse/core/time'

export const bookLimits = {
  /** Alerts that are over and done with, kept of a tenant: beyond it those leave that were done with first. */
  historyMax: 5_000,
  historyKeptMs: 30 * dayMs,
  /** That leave in one commit. */
  evictedAtOnceMax: 200,
  /** Of a tenant, in force or to come. */
  silencesMax: 1_000,
  /** Alerts asked about in one commit. */
  askedAtOnceMax: 100,
  /** Of a `dimension=*`, in one evaluation: the first ones counted. */
  slicesPerRuleMax: 500,
  /** Rules on slices that are remembered for a tenant, beyond those that fire or are about to. */
  windowsKeptMax: 10_000,
  /** Records in one read of a tenant's values: more slices go into further reads. */
  recordsPerReadMax: 5_000,
} as const

/** How often windowed rules are evaluated. */
export const evaluateEveryMs = 5 * secondMs
/** A deadline is found so soon after it passed when everything is live: log time, folds and topics together take less than a second. */
export const foundSoonMs = 5 * secondMs
/** News that is older than `lateAfterMs` waits so long for what came after it. */
export const settleMs = 10 * secondMs
/** But no longer than twice that, when folds go on to be behind for good. */
export const settleMaxMs = 5 * minuteMs
/** At the latest then what is due is looked for, whatever is remembered. */
export const lookAtLeastEveryMs = 5 * minuteMs
/** After a store that was away. */
export const askAgainMs = secondMs
/** Of garbage collection alone: alerts that fire are kept for good. */
export const recordKeptMs = bookLimits.historyKeptMs + hourMs
