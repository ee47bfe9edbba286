import type { DurationMs, EpochMs } from '@deskpulse/core/time'
import { disableAfter, retryLimits } from './limits.ts'

export type DisableReason = 'failing' | 'gone'

/** What is known of an endpoint by the answers that it gave; plain data, stored. */
export type Health = {
  readonly state: 'healthy' | 'failing' | 'disabled'
  /** Attempts since the last success. */
  readonly failures: number
  readonly failingSinceMs: EpochMs | null
  readonly lastSuccessMs: EpochMs | null
  /** Rounds of failures: what was under way together fails as one. */
  readonly rounds: number
  readonly roundMs: EpochMs | null
  /** Nothing but what a person asked for is sent before. */
  readonly holdUntilMs: EpochMs
  readonly disabled: {
    readonly sinceMs: EpochMs
    readonly reason: DisableReason
    readonly detail: string
  } | null
  /** How often it was disabled: numbers its alerts. */
  readonly disabledCount: number
}

export const unknownHealth: Health = {
  state: 'healthy',
  failures: 0,
  failingSinceMs: null,
  lastSuccessMs: null,
  rounds: 0,
  roundMs: null,
  holdUntilMs: 0 as EpochMs,
  disabled: null,
  disabledCount: 0,
}

/**
 * Of an endpoint of which nothing is stored. Its alerts are numbered from the second in which it is met: a store that was lost must not number them as it
 * did before, since the topic may still hold those, and they are over.
 */
export const newHealth = (nowMs: EpochMs): Health => ({
  ...unknownHealth,
  disabledCount: Math.floor(nowMs / 1_000),
})

/** A success, which ends what failed before. Of a disabled endpoint (a person tried it): it stays disabled until a person enables it. */
export function afterSuccess(health: Health, nowMs: EpochMs): Health {
  if (health.state === 'disabled') return { ...health, lastSuccessMs: nowMs }
  return { ...unknownHealth, disabledCount: health.disabledCount, lastSuccessMs: nowMs }
}

export type Failure = {
  readonly beganMs: EpochMs
  readonly endedMs: EpochMs
  readonly afterMs?: DurationMs
  readonly detail: string
}

/**
 * One attempt failed. From the second round of failures in a row on, the endpoint as a whole waits longer and longer between rounds: one message that
 * alone is refused delays no other. Disabled at the tenth failure at the earliest, when the first of them is an hour ago (inclusive).
 * @param random in [0, 1)
 */
export function afterFailure(
  health: Health,
  { beganMs, endedMs, afterMs, detail }: Failure,
  random: number,
): Health {
  const failures = health.failures + 1
  const failingSinceMs = health.failingSinceMs ?? endedMs
  if (health.state === 'disabled') return { ...health, failures, failingSinceMs }
  const isNewRound = health.roundMs === null || beganMs >= health.roundMs
  const rounds = health.rounds + (isNewRound ? 1 : 0)
  const ownHoldMs = isNewRound && rounds > 1 ? retryDelay(rounds - 1, random) : 0
  const holdMs = Math.max(ownHoldMs, Math.min(afterMs ?? 0, retryLimits.askedMaxMs))
  const failing: Health = {
    ...health,
    state: 'failing',
    failures,
    failingSinceMs,
    rounds,
    roundMs: isNewRound ? endedMs : health.roundMs,
    holdUntilMs: Math.max(health.holdUntilMs, holdMs === 0 ? 0 : endedMs + holdMs) as EpochMs,
  }
  const isOver =
    failures >= disableAfter.attempts && endedMs - failingSinceMs >= disableAfter.failingMs
  return isOver ? disabledAt(failing, endedMs, 'failing', detail) : failing
}

/** The receiver wants no more: disabled at once. */
export function afterGone(health: Health, { endedMs, detail }: Failure): Health {
  const failingSinceMs = health.failingSinceMs ?? endedMs
  const failed = { ...health, failures: health.failures + 1, failingSinceMs }
  return health.state === 'disabled' ? failed : disabledAt(failed, endedMs, 'gone', detail)
}

function disabledAt(
  health: Health,
  sinceMs: EpochMs,
  reason: DisableReason,
  detail: string,
): Health {
  return {
    ...health,
    state: 'disabled',
    disabled: { sinceMs, reason, detail },
    disabledCount: health.disabledCount + 1,
    rounds: 0,
    roundMs: null,
    holdUntilMs: 0 as EpochMs,
  }
}

/** A person enabled it, or it is configured anew: what failed before counts no more. */
export function enabledAgain({ disabledCount, lastSuccessMs }: Health): Health {
  return { ...unknownHealth, disabledCount, lastSuccessMs }
}

/** It failed twice in a row: one message at a time finds out whether it is back. */
export const isProbed = ({ rounds }: Health): boolean => rounds > 1

/**
 * How long to wait after the `failures`th failure in a row (from 1): doubling from a second up to five minutes, half of it by chance, so that what failed
 * together does not come back together. A receiver's own wish (`afterMs`) is respected when it is longer, up to an hour.
 * @param random in [0, 1)
 */
export function retryDelay(failures: number, random: number, afterMs: DurationMs = 0): DurationMs {
  const { firstMs, maxMs, askedMaxMs } = retryLimits
  const fullMs = Math.min(maxMs, firstMs * 2 ** (failures - 1))
  const ownMs = Math.ceil((fullMs / 2) * (1 + random))
  return Math.max(ownMs, Math.min(afterMs, askedMaxMs))
}
