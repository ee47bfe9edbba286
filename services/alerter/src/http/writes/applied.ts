import { setTimeout as sleep } from 'node:timers/promises'
import { DeskpulseError } from '@deskpulse/stream'

/** How long a change is waited for; then it was taken down, and whoever owns the partition will make it. */
export const appliedWithinMs = 5_000
const firstLookMs = 15
const lookMaxMs = 200

/** What `look` finds as soon as it finds something; `null`: not in time. A store that does not answer meanwhile takes nothing back. */
export async function applied<Found>(
  look: () => Promise<Found | null>,
  withinMs: number = appliedWithinMs,
): Promise<Found | null> {
  const until = performance.now() + withinMs
  for (
    let waitMs = firstLookMs;
    performance.now() < until;
    waitMs = Math.min(2 * waitMs, lookMaxMs)
  ) {
    await sleep(waitMs)
    const found = await look().catch((error: unknown) => {
      if (error instanceof DeskpulseError) return null
      throw error
    })
    if (found !== null) return found
  }
  return null
}
