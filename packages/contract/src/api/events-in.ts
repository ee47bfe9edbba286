import * as z from 'zod'
import { eventTypes } from '@deskpulse/core/events'
import { refusalCodes, type RefusalCode } from '../errors/refusals.ts'
import { wireType } from '../events/catalogue.ts'
import { eventSchema } from '../events/envelope.ts'
import { eventLimits } from '../events/limits.ts'
import { id, sequenceDigits, sourceName, tenantName, time } from '../events/words.ts'

const codes = Object.keys(refusalCodes) as [RefusalCode, ...RefusalCode[]]

export const refusedSchema = z.object({
  /** Position in the array or stream, from 0. */
  index: z.int(),
  id: z.string().optional(),
  code: z.enum(codes),
  path: z.string(),
  expected: z.string(),
  got: z.string(),
  /** The known word that the refused one most likely means; absent = none is near. */
  nearest: z.string().optional(),
})
export type Refused = z.infer<typeof refusedSchema>

/** How many refusals an answer lists; `refused` counts all. */
export const refusalsListedMax = 1_000

/** The log has what was accepted; with status 422 that is nothing. */
export const acceptedSchema = z
  .object({
    accepted: z.int(),
    refused: z.int(),
    refusals: z.array(refusedSchema).max(refusalsListedMax),
  })
  .meta({ id: 'Accepted' })
export type AcceptedResponse = z.infer<typeof acceptedSchema>

/** An event as the log has it; what `data` holds is told per type in docs/schema/events.schema.json. */
export const anyEventSchema = z
  .object({
    specversion: z.literal('1.0'),
    id,
    source: sourceName,
    type: z.enum(eventTypes.map(wireType)),
    time,
    sequence: sequenceDigits.optional(),
    tenant: tenantName,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ListedEvent' })

const event = z
  .union(eventTypes.map((type) => eventSchema(type).meta({ id: type })))
  .meta({ id: 'Event' })
const events = z.array(event).min(1).max(eventLimits.arrayEventsMax)

/** What may be sent, for the OpenAPI document; each event is checked by itself (`parseEvent`). NDJSON is one event a line. */
export const eventBodies = {
  'application/json': { schema: z.union([event, events]) },
  'application/cloudevents+json': { schema: event },
  'application/cloudevents-batch+json': { schema: events },
  'application/x-ndjson': {
    schema: z.string().min(1).meta({ description: 'one event a line, any number of lines' }),
  },
}
