import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import type { EpochMs } from '@deskpulse/core/time'
import type { SenderClock } from './frame.ts'

/** Reads the clocks of this machine for `sender`. The wall clock is asked each time: it may be put forward or back at any moment. */
export function systemSenderClock(sender: string): () => SenderClock {
  const name = monotonicClockName() ?? sender
  return () => ({
    name,
    wallMs: Math.max(0, Date.now()) as EpochMs,
    monotonicMs: Math.floor(Number(process.hrtime.bigint() / 1_000_000n)),
  })
}

const nameCharacters = 12

/**
 * Linux: one name for all processes of one boot, so that the time in which an ingest was away is measured too. `null`: the system does not say which
 * boot this is, and the monotonic clock is known to be the same for as long as the process runs alone.
 */
function monotonicClockName(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return createHash('sha256')
      .update(`${boot} ${timeNamespace()}`)
      .digest('base64url')
      .slice(0, nameCharacters)
  } catch {
    return null
  }
}

/** A container may have a monotonic clock of its own. Older kernels have one for all. */
function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time')
  } catch {
    return ''
  }
}
