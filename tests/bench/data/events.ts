import { parseEvent, type WireEvent } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { simulate } from '../../../services/cli/src/index.ts'

/** A Monday morning, long ago: no event of the bench is ahead of any clock. */
const startMs = Date.parse('2026-03-02T08:00:00.000Z')

export type EventsOptions = {
  readonly tenant?: string
  readonly seed?: number
  /** On shift at any time. They all sign in at the start, so that few events ask for few agents. */
  readonly agents?: number
}

/** What planners tell at once, before anything happens: it is no load. */
const planned = new Set([
  'deskpulse.workload.forecast.v1',
  'deskpulse.agent.rostered.v1',
  'deskpulse.agent.scheduled.v1',
])

/** The events of a simulated contact center, in time order, for ever, without its forecasts, rosters and shifts. Same arguments, same events. */
export function* simulated({
  tenant = 'bench',
  seed = 1,
  agents = 200,
}: EventsOptions = {}): Generator<WireEvent, never> {
  for (const event of simulate({ tenant, seed, agents, startMs }).events)
    if (!planned.has(event.type)) yield event
  throw new Error('the simulated center has ended')
}

/** The first `count` of them. */
export function wireEvents(count: number, options: EventsOptions = {}): WireEvent[] {
  const events: WireEvent[] = []
  for (const event of simulated(options)) {
    if (events.push(event) >= count) break
  }
  return events
}

/** @throws Error when the simulator makes what ingest would refuse. */
export function canonicalEvent(wire: WireEvent): CanonicalEvent {
  const parsed = parseEvent(wire)
  if (!parsed.ok) throw new Error(`a simulated event is refused: ${parsed.code} at ${parsed.path}`)
  return parsed.event
}

export const canonicalEvents = (wire: readonly WireEvent[]): CanonicalEvent[] =>
  wire.map(canonicalEvent)

/** Mean length of the events' JSON in bytes; 0 when there are none. */
export function meanBytes(texts: readonly string[]): number {
  return texts.length === 0
    ? 0
    : texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length
}
