import * as z from 'zod'
import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import { eventCatalogue, type WireType, wireType } from './catalogue.ts'
import { formatTime } from './time.ts'
import { id, sequenceDigits, sourceName, tenantName, time } from './words.ts'

/** A CloudEvents 1.0 event as it travels: JSON, structured mode. Further envelope attributes are ignored. */
export type WireEvent = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: WireType
  readonly time: string
  readonly sequence?: string
  readonly tenant: string
  readonly data: Readonly<Record<string, unknown>>
}

function build(type: EventType) {
  return z.object({
    specversion: z.literal('1.0'),
    id,
    source: sourceName,
    type: z.literal(wireType(type)),
    time,
    sequence: sequenceDigits.optional(),
    tenant: tenantName,
    data: eventCatalogue[type].data,
  })
}

export type EventSchema = ReturnType<typeof build>
const schemas = new Map<EventType, EventSchema>()

/** The whole event of one type, envelope and data. */
export function eventSchema(type: EventType): EventSchema {
  let schema = schemas.get(type)
  if (schema === undefined) {
    schema = build(type)
    schemas.set(type, schema)
  }
  return schema
}

/** The event as a source would send it. */
export function toWire(event: CanonicalEvent): WireEvent {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: wireType(event.type),
    time: formatTime(event.timeMs),
    ...(event.sequence === '0' ? {} : { sequence: event.sequence }),
    tenant: event.tenant,
    data: event.data,
  }
}
