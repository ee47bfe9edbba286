import { type CanonicalEvent, type EventType, eventTypes } from '@deskpulse/core/events'
import fc from 'fast-check'
import { eventCatalogue } from '../events/catalogue.ts'
import { eventSchema, type WireEvent } from '../events/envelope.ts'
import { parseEvent } from '../events/parse.ts'
import { objectOf } from './values.ts'

/** Attributes that must agree: each pair or triple is put in order. */
const ordered = [
  ['scaleMin', 'score', 'scaleMax'],
  ['start', 'end'],
] as const

function inOrder(values: readonly unknown[]): unknown[] {
  const rank = (value: unknown): number =>
    typeof value === 'number' ? value : Date.parse(String(value).toUpperCase())
  return [...values].sort((one, other) => rank(one) - rank(other))
}

/** Makes attributes agree with each other by sorting them, also inside periods and activities. */
function agreeing(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = { ...data }
  for (const keys of ordered) {
    if (!keys.every((key) => key in out)) continue
    const sorted = inOrder(keys.map((key) => out[key]))
    keys.forEach((key, at) => (out[key] = sorted[at]))
  }
  if (typeof out['period'] === 'object')
    out['period'] = agreeing(out['period'] as Record<string, unknown>)
  if (Array.isArray(out['activities']))
    out['activities'] = out['activities'].map((one) => agreeing(one as Record<string, unknown>))
  if ('satisfiedFrom' in out) out['satisfiedFrom'] = out['scaleMax']
  return out
}

/** Events of one type as a source could send them, all of them valid. */
export function wireEventArbitrary(type: EventType): fc.Arbitrary<WireEvent> {
  const { rule } = eventCatalogue[type]
  return objectOf(eventSchema(type))
    .map(
      (event) =>
        ({
          ...event,
          data: agreeing(event['data'] as Record<string, unknown>),
        }) as unknown as WireEvent,
    )
    .filter((event) => rule === undefined || rule(event.data) === null)
}

function canonical(wire: WireEvent): CanonicalEvent {
  const parsed = parseEvent(wire)
  if (!parsed.ok)
    throw new Error(`${wire.type}: ${parsed.path} expected ${parsed.expected}, got ${parsed.got}`)
  return parsed.event
}

export function eventOfType(type: EventType): fc.Arbitrary<CanonicalEvent> {
  return wireEventArbitrary(type).map(canonical)
}

/** `types`: absent = all. `tenant`: absent = any. */
export type EventArbitraryOptions = {
  readonly types?: readonly EventType[]
  readonly tenant?: string
}

/** Accepted events, as the folds see them. */
export function eventArbitrary({
  types = eventTypes,
  tenant,
}: EventArbitraryOptions = {}): fc.Arbitrary<CanonicalEvent> {
  const any = fc.oneof(...types.map(eventOfType))
  return tenant === undefined ? any : any.map((event) => ({ ...event, tenant }))
}
