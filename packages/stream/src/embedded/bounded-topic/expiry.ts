import { type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'

export type ExpiryOptions = {
  readonly retentionMs: number
  readonly now: () => EpochMs
  /** Removes what was appended before. */
  readonly expire: (beforeMs: EpochMs) => void
}

/** A clock that is wrong for less than this removes nothing: at the start of a machine, until its time service has put it right. */
const standsMs = minuteMs

/**
 * Once an hour, and at first, by the clock as it has stood for a minute: it is read before and after, and the earlier reading counts. A clock that is ahead and is put right
 * in between, or leaps ahead, removes nothing. @returns what ends it.
 */
export function hourlyExpiry({ retentionMs, now, expire }: ExpiryOptions): () => void {
  let standing: NodeJS.Timeout

  function look(): void {
    const seenMs = now()
    standing = setTimeout(() => {
      const stoodMs = Math.min(seenMs + standsMs, now())
      expire((stoodMs - retentionMs) as EpochMs)
    }, standsMs)
    standing.unref()
  }

  look()
  const looking = setInterval(look, hourMs)
  looking.unref()
  return () => {
    clearInterval(looking)
    clearTimeout(standing)
  }
}
