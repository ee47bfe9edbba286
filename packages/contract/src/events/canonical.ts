import * as z from 'zod'
import { type EventData, type EventType, eventTypes } from '@deskpulse/core/events'
import { eventCatalogue } from './catalogue.ts'
import { epochMsOf, formatTime } from './time.ts'
import { time } from './words.ts'

/** Gives one form to values of equal meaning: known attributes alone, in their fixed order, times in UTC. */
type Canon = (value: never) => unknown

const isObject = (schema: z.core.$ZodType): schema is z.ZodObject => schema instanceof z.ZodObject

function canonOf(schema: z.core.$ZodType): Canon | null {
  if (schema instanceof z.ZodOptional) return canonOf(schema.unwrap())
  if (schema === time) return (text: string) => formatTime(epochMsOf(text))
  if (isObject(schema)) return canonOfObject(schema)
  if (schema instanceof z.ZodRecord) return sortedByKey
  if (schema instanceof z.ZodArray) {
    const inner = canonOf(schema.element)
    return inner === null ? null : (items: readonly never[]) => items.map((item) => inner(item))
  }
  return null // Text, numbers and booleans have one form already.
}

function canonOfObject(
  schema: z.ZodObject,
): (value: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const attributes = Object.entries(schema.shape).map(([key, attribute]) => ({
    key,
    canon: canonOf(attribute),
  }))
  return (value) => {
    const out: Record<string, unknown> = {}
    for (const { key, canon } of attributes) {
      const part = value[key]
      if (part !== undefined) out[key] = canon === null ? part : canon(part as never)
    }
    return out
  }
}

function sortedByKey(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort()) out[key] = value[key]
  return out
}

const canons = new Map(eventTypes.map((type) => [type, canonOfObject(eventCatalogue[type].data)]))

/** The data of a valid event in canonical form; unknown attributes are left out. Applying it twice changes nothing. */
export function canonicalData(type: EventType, data: Readonly<Record<string, unknown>>): EventData {
  return canons.get(type)!(data)
}
