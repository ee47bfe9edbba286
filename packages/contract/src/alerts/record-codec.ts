import { createHash } from 'node:crypto'
import type { AlertKey } from '@deskpulse/core/alerts'
import { canonicalJson } from '../entries/canonical-json.ts'
import { shaped } from '../entries/shaped.ts'
import { recordShape } from './record-shape.ts'
import type { AlertRecord } from './records.ts'

/** The alert's identity in 32 hex digits: the first 128 bits of the SHA-256 of `[tenant, rule, subject, number]` as JSON. */
export function alertIdOf({ tenant, rule, subject, number }: AlertKey): string {
  return createHash('sha256')
    .update(JSON.stringify([tenant, rule, subject, number]))
    .digest('hex')
    .slice(0, 32)
}

/** A record's value: canonical JSON, so that equal records are equal bytes. */
export function encodeAlertRecord(record: AlertRecord): Uint8Array {
  return Buffer.from(canonicalJson(record), 'utf8')
}

/** The inverse. @throws EntryUnreadable when the bytes are no record of a kind that this version knows. */
export function decodeAlertRecord(bytes: Uint8Array): AlertRecord {
  return shaped(recordShape, bytes, 'alert record')
}
