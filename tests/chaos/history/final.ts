import {
  canonicalJson,
  decodeEvent,
  entryKinds,
  parseEvent,
  type WireEvent,
} from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { decodeFrame, type LogRecord } from '@deskpulse/stream'
import { keyOf } from './history.ts'
import type { FinalPartition } from './log-checks.ts'
import { sightingOf } from './log-reader.ts'

type Named = FinalPartition['events'][number]

const nameOf = (event: CanonicalEvent): Named => ({
  key: keyOf(event),
  content: canonicalJson(event),
})

/** What an event that was sent must be in the log. @throws Error when it is none. */
export function canonicalOf(wire: unknown): CanonicalEvent {
  const parsed = parseEvent(wire)
  if (!parsed.ok)
    throw new Error(`no event: ${parsed.code} at ${parsed.path}: ${JSON.stringify(wire)}`)
  return parsed.event
}

export const contentOf = (wire: WireEvent): string => nameOf(canonicalOf(wire)).content

/** A partition of `deskpulse.log`. */
export function finalLog(partition: number, records: readonly LogRecord[]): FinalPartition {
  const events = records.flatMap(({ value }) =>
    decodeFrame(value ?? new Uint8Array(0)).entries.flatMap(({ tenant, kind, bytes }) =>
      kind === entryKinds.event ? [nameOf(decodeEvent(bytes, tenant))] : [],
    ),
  )
  return { partition, records: records.map(sightingOf), events }
}

/** A partition of `deskpulse.raw`. */
export function finalRaw(partition: number, records: readonly LogRecord[]): FinalPartition {
  const events = records.flatMap(({ value }) => {
    const parsed = JSON.parse(Buffer.from(value ?? new Uint8Array(0)).toString()) as unknown
    return (Array.isArray(parsed) ? parsed : [parsed]).map((wire) => nameOf(canonicalOf(wire)))
  })
  return { partition, records: records.map(sightingOf), events }
}
