import { parseEvent } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { simulate } from '../../../services/cli/src/simulate/simulate.ts'
import { tenant } from './folded.ts'

export type SimulatedStretch = {
  readonly seed: number
  readonly startMs: number
  readonly endMs: number
  readonly agents: number
}

/** A simulated contact center from `startMs` on; what is under way at `endMs` stays under way. */
export function simulatedEvents({
  seed,
  startMs,
  endMs,
  agents,
}: SimulatedStretch): CanonicalEvent[] {
  const events: CanonicalEvent[] = []
  for (const wire of simulate({ tenant, seed, startMs, agents }).events) {
    const parsed = parseEvent(wire)
    if (!parsed.ok) throw new Error(`${parsed.code} at ${parsed.path}`)
    if (parsed.event.timeMs > endMs) return events
    events.push(parsed.event)
  }
  return events
}
