import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { canonicalData } from '../events/canonical.ts'
import { typeNumbers, typeOfNumber } from './type-numbers.ts'
import { EntryUnreadable, parseJson, textOf } from './unreadable.ts'

/** Kinds of entries in a frame. */
export const entryKinds = {
  event: 1,
  config: 2,
  alertRules: 3,
  gap: 4,
  gapAcknowledgement: 5,
} as const

/**
 * An event as the log holds it: `[type number, epoch ms, source, id, sequence, data]` as JSON in UTF-8, data in canonical form. Equal content gives equal
 * bytes, whatever the order of keys. The tenant is the frame entry's.
 */
export function encodeEvent(event: CanonicalEvent): Uint8Array {
  const { type, timeMs, source, id, sequence, data } = event
  return Buffer.from(
    JSON.stringify([typeNumbers[type], timeMs, source, id, sequence, canonicalData(type, data)]),
    'utf8',
  )
}

type Fields = readonly [EventType, EpochMs, string, string, string, EventData]

function fieldsOf(value: unknown): Fields {
  if (!Array.isArray(value) || value.length !== 6)
    throw new EntryUnreadable('event entry: six fields expected')
  const [number, timeMs, source, id, sequence, data] = value as unknown[]
  const type = typeOfNumber(number as number)
  if (type === undefined) throw new EntryUnreadable('event entry: unknown type number')
  const isTyped =
    Number.isSafeInteger(timeMs) &&
    typeof source === 'string' &&
    typeof id === 'string' &&
    typeof sequence === 'string'
  if (!isTyped || typeof data !== 'object' || data === null)
    throw new EntryUnreadable('event entry: a field has another type')
  return [type, timeMs as EpochMs, source, id, sequence, data as EventData]
}

/**
 * The event of an entry. Its content was validated when it was encoded; only its shape is checked again.
 * @throws EntryUnreadable
 */
export function decodeEvent(bytes: Uint8Array, tenant: string): CanonicalEvent {
  return eventOf(textOf(bytes), tenant)
}

/** As `decodeEvent`, of what the bytes say. @throws EntryUnreadable */
export function eventOf(text: string, tenant: string): CanonicalEvent {
  const [type, timeMs, source, id, sequence, data] = fieldsOf(parseJson(text, 'event entry'))
  return { type, id, source, timeMs, sequence, tenant, data }
}
