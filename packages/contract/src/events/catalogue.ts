import { type EventType, eventTypes } from '@deskpulse/core/events'
import { nearest } from '../config/nearest.ts'
import { agentEvents } from './agent.ts'
import { contactEvents, surveyEvents } from './contact.ts'
import type { EventDefinition } from './define.ts'
import { ownIdEvents } from './own-id.ts'
import { tenantEvents } from './tenant.ts'

/** Groups as docs/events.md shows them. */
export const eventGroups = {
  contact: contactEvents,
  survey: surveyEvents,
  'own id': ownIdEvents,
  agent: agentEvents,
  tenant: tenantEvents,
} as const

export const eventCatalogue: Readonly<Record<EventType, EventDefinition>> = {
  ...contactEvents,
  ...surveyEvents,
  ...ownIdEvents,
  ...agentEvents,
  ...tenantEvents,
}

/** `contact.opened` → `deskpulse.contact.opened.v1`. */
export type WireType = `deskpulse.${EventType}.v1`

export function wireType(type: EventType): WireType {
  return `deskpulse.${type}.v1`
}

const byWireType: ReadonlyMap<string, EventType> = new Map(
  eventTypes.map((type) => [wireType(type), type]),
)

/** `undefined`: no type of this version. */
export function eventTypeOf(text: string): EventType | undefined {
  return byWireType.get(text)
}

/** A comparison with every type costs more than all other judging, and misspelt events come in runs. */
const rememberedMax = 1_000
const nearestTypes = new Map<string, WireType | null>()

/** The type that a text most likely means, compared without what stands around every type's name; `null` when none is near. */
export function nearestTypeOf(text: string): WireType | null {
  let found = nearestTypes.get(text)
  if (found !== undefined) return found
  const name = nearest(text.replace(/^deskpulse\./, '').replace(/\.v\d+$/, ''), eventTypes)
  found = name === null ? null : wireType(name as EventType)
  if (nearestTypes.size >= rememberedMax) nearestTypes.clear()
  nearestTypes.set(text, found)
  return found
}
