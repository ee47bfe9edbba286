import { decodeEvent } from '@deskpulse/contract'
import type { CanonicalEvent, EpochMs, Received } from '@deskpulse/core'

/**
 * What a subject remembers since its base, appended entry by entry: `kind` (1 byte), length (4), log time of the receipt (8), bytes.
 * `event`: an event's canonical bytes. `note`: JSON that the subject understands.
 */
export type JournalEntry = { readonly kind: 'event' | 'note'; readonly receivedMs: EpochMs; readonly bytes: Uint8Array }

const headerBytes = 13
const kinds = ['event', 'note'] as const

export function encodeJournal(entries: readonly JournalEntry[]): Buffer {
  const into = Buffer.allocUnsafe(entries.reduce((length, { bytes }) => length + headerBytes + bytes.length, 0))
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

/** The entries share a copy of the journal: what a store answers with may be a piece of a whole reply, which they must not hold on to. */
export function decodeJournal(bytes: Uint8Array): JournalEntry[] {
  const from = Buffer.from(new Uint8Array(bytes).buffer)
  const entries: JournalEntry[] = []
  for (let at = 0; at < from.length;) {
    const length = from.readUInt32BE(at + 1)
    const end = at + headerBytes + length
    entries.push({
      kind: kinds[from.readUInt8(at)] ?? 'note',
      receivedMs: from.readDoubleBE(at + 5) as EpochMs,
      bytes: from.subarray(at + headerBytes, end),
    })
    at = end
  }
  return entries
}

export function receivedOf(entry: JournalEntry, tenant: string): Received {
  return { event: decodeEvent(entry.bytes, tenant), receivedMs: entry.receivedMs, bytes: entry.bytes }
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
export const retainedOf = (entry: JournalEntry, tenant: string): Received => new Retained(entry, tenant)

export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

export function decodeJson<Value>(bytes: Uint8Array): Value {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Value
}
