import type { EpochMs } from '@deskpulse/core/time'
import { storedLimits } from './limits.ts'

/**
 * How an attempt ended. `refused`: an answer that is no success; `failed`: no answer; `stopped`: broken off because the process ended; `interrupted`:
 * nobody knows, the process ended in it.
 */
export type AttemptOutcome = 'accepted' | 'refused' | 'gone' | 'failed' | 'stopped' | 'interrupted'

export type AttemptEnd = {
  readonly outcome: AttemptOutcome
  readonly httpStatus: number | null
  /** A short code; `null`: accepted. */
  readonly reason: string | null
  readonly detail: string | null
}

export type Attempt = {
  /** From 1. */
  readonly number: number
  readonly beganMs: EpochMs
  /** `null`: under way. Of an interrupted one: when that was found. */
  readonly endedMs: EpochMs | null
  readonly end: AttemptEnd | null
}

/** The first and the last attempts of a message, oldest first; `count` is of all. */
export type Attempts = {
  readonly count: number
  readonly first: readonly Attempt[]
  readonly last: readonly Attempt[]
}

export const noAttempts: Attempts = { count: 0, first: [], last: [] }

export const listedAttempts = ({ first, last }: Attempts): readonly Attempt[] => [...first, ...last]
export const lastAttempt = ({ first, last }: Attempts): Attempt | undefined =>
  last.at(-1) ?? first.at(-1)

/** One attempt more begins; the one before, if it was under way, was interrupted. */
export function withBegun(attempts: Attempts, beganMs: EpochMs): Attempts {
  const before = withInterrupted(attempts, beganMs)
  const attempt: Attempt = { number: before.count + 1, beganMs, endedMs: null, end: null }
  const { attemptsListed } = storedLimits
  if (before.first.length < attemptsListed)
    return { ...before, count: attempt.number, first: [...before.first, attempt] }
  return {
    ...before,
    count: attempt.number,
    last: [...before.last, attempt].slice(-attemptsListed),
  }
}

/** The attempt under way ends; none is: unchanged. */
export function withEnded(attempts: Attempts, endedMs: EpochMs, end: AttemptEnd): Attempts {
  const last = lastAttempt(attempts)
  if (last === undefined || last.end !== null) return attempts
  const ended: Attempt = { ...last, endedMs, end }
  if (attempts.last.length > 0) return { ...attempts, last: [...attempts.last.slice(0, -1), ended] }
  return { ...attempts, first: [...attempts.first.slice(0, -1), ended] }
}

const interrupted: AttemptEnd = {
  outcome: 'interrupted',
  httpStatus: null,
  reason: 'interrupted',
  detail: null,
}
export const withInterrupted = (attempts: Attempts, foundMs: EpochMs): Attempts =>
  withEnded(attempts, foundMs, interrupted)

export const isUnderWay = (attempts: Attempts): boolean => lastAttempt(attempts)?.end === null

const nothingSent: ReadonlySet<string> = new Set([
  'address-refused',
  'name-unknown',
  'connection-failed',
  'tls-failed',
  'not-formed',
  'not-sent',
])

/** What did not say no may have taken the message in: an answer that broke off, a time-out, a 5xx of something in between, a crash. */
export function mayHaveArrived({ outcome, httpStatus, reason }: AttemptEnd): boolean {
  switch (outcome) {
    case 'accepted':
    case 'interrupted':
      return true
    case 'stopped':
    case 'failed':
      return reason === null || !nothingSent.has(reason)
    case 'refused':
      return httpStatus !== null && httpStatus >= 500
    case 'gone':
      return false
  }
}
