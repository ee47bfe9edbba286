import { decodeEvent } from '../entries/event-codec.ts'
import { EntryUnreadable } from '../entries/unreadable.ts'
import type { Original } from '../errors/original.ts'
import { sourceName } from '../events/words.ts'
import type { DeadLetter, LogPlace } from './letter.ts'

type Headers = Readonly<Record<string, string>>

/** A record that is one letter: its value is the original, its headers are what is known of it. The folds write these, and ingest did before it grouped. */
export function decodeSingleLetter(
  value: Uint8Array,
  headers: Headers,
  appendedAtMs: number,
): DeadLetter {
  const { code, path = '', reason = '', tenant = null, receivedAt } = headers
  if (code === undefined) throw new EntryUnreadable('dead letter: no header code')
  const place = headers['stage'] === 'fold' ? placeOf(headers) : null
  const atMs = receivedAt === undefined ? appendedAtMs : Date.parse(receivedAt)
  if (Number.isNaN(atMs)) throw new EntryUnreadable('dead letter: the header receivedAt is no time')
  const source = place === null ? sourceOfInput(value) : sourceOfEntry(value, tenant)
  return {
    original: originalOf(value, headers),
    code,
    path,
    reason,
    tenant,
    source,
    firstMs: atMs,
    lastMs: atMs,
    times: 1,
    place,
  }
}

function originalOf(bytes: Uint8Array, { length, sha256 }: Headers): Original {
  if (length === undefined || sha256 === undefined) return { kind: 'whole', bytes }
  return { kind: 'head', bytes, length: numberOf('length', length), sha256 }
}

function placeOf({ partition, offset, index }: Headers): LogPlace {
  return {
    partition: numberOf('partition', partition),
    offset: numberOf('offset', offset),
    index: numberOf('index', index),
  }
}

function numberOf(name: string, text: string | undefined): number {
  const value = /^\d{1,16}$/.test(text ?? '') ? Number(text) : NaN
  if (!Number.isSafeInteger(value))
    throw new EntryUnreadable(`dead letter: the header ${name} is no number`)
  return value
}

function sourceOfInput(bytes: Uint8Array): string | null {
  try {
    const { source } = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
      readonly source?: unknown
    }
    return sourceName.safeParse(source).data ?? null
  } catch {
    return null // No JSON, or `null`.
  }
}

/** What is no event (a configuration, an entry that cannot be decoded) has no source. */
function sourceOfEntry(bytes: Uint8Array, tenant: string | null): string | null {
  try {
    return decodeEvent(bytes, tenant ?? '').source
  } catch (error) {
    if (!(error instanceof EntryUnreadable)) throw error
    return null
  }
}
