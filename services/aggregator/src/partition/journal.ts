import { decodeEvent } from '@deskpulse/contract'
import type { CanonicalEvent, EpochMs, Received } from '@deskpulse/core'

/**
 * What a subject remembers since its base, appended entry by entry: `kind` (1 byte), length (4), log time of the receipt (8), bytes.
 * `event`: an event's canonical bytes. `note`: JSON that the subject understands.
 */
export type JournalEntry = {
  readonly kind: 'event' | 'note'
  readonly receivedMs: EpochMs
  readonly bytes: Uint8Array
}

const headerBytes = 13
const kinds = ['event', 'note'] as const

export function encodeJournal(entries: readonly JournalEntry[]): Buffer {
  const into = Buffer.allocUnsafe(
    entries.reduce((length, { bytes }) => length + headerBytes + bytes.length, 0),
  )
  let at = 0
  for (const { kind, receivedMs, bytes } of entries) {
    into.writeUInt8(kinds.indexOf(kind), at)
    into.writeUInt32BE(bytes.length, at + 1)
    into.writeDoubleBE(receivedMs, at + 5)
    into.set(bytes, at + headerBytes)
    at += headerBytes + bytes.length
  }
  return into
}

/**
 * Events, which subjects hold, share bytes of their own: a journal may be a piece of a whole reply of the store, and most of an agent's day is notes. Notes are
 * views of it.
 */
export function decodeJournal(bytes: Uint8Array): JournalEntry[] {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: JournalEntry[] = []
  let ofEvents = 0
  for (let at = 0; at < from.length;) {
    const end = at + headerBytes + from.readUInt32BE(at + 1)
    const kind = kinds[from.readUInt8(at)] ?? 'note'
    entries.push({
      kind,
      receivedMs: from.readDoubleBE(at + 5) as EpochMs,
      bytes: from.subarray(at + headerBytes, end),
    })
    if (kind === 'event') ofEvents += end - at - headerBytes
    at = end
  }
  const own = new Uint8Array(ofEvents)
  let end = 0
  return entries.map((entry) => {
    if (entry.kind !== 'event') return entry
    own.set(entry.bytes, end)
    end += entry.bytes.length
    return { ...entry, bytes: own.subarray(end - entry.bytes.length, end) }
  })
}

export function receivedOf(entry: JournalEntry, tenant: string): Received {
  return {
    event: decodeEvent(entry.bytes, tenant),
    receivedMs: entry.receivedMs,
    bytes: entry.bytes,
  }
}

/** An event of a journal, decoded once something asks for it: of most, nothing is asked but how they came. */
class Retained implements Received {
  readonly receivedMs: EpochMs
  readonly bytes: Uint8Array
  readonly #tenant: string
  #event: CanonicalEvent | null = null

  constructor({ receivedMs, bytes }: JournalEntry, tenant: string) {
    this.receivedMs = receivedMs
    this.bytes = bytes
    this.#tenant = tenant
  }

  get event(): CanonicalEvent {
    return (this.#event ??= decodeEvent(this.bytes, this.#tenant))
  }
}

/** As `receivedOf`, but decoded later. */
export const retainedOf = (entry: JournalEntry, tenant: string): Received =>
  new Retained(entry, tenant)

export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

export function decodeJson<Value>(bytes: Uint8Array): Value {
  return JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  ) as Value
}
