import { eventOf } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { Received } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'

/**
 * What a subject remembers since its base, appended entry by entry: `kind` (1 byte), length (4), log time of the receipt (8), text in UTF-8. `event`: an
 * event's canonical text. `note`: JSON that the subject understands.
 */
export type JournalEntry = {
  readonly kind: 'event' | 'note'
  readonly receivedMs: EpochMs
  readonly text: string
}

const headerBytes = 13
const kinds = ['event', 'note'] as const

/** A character is at most so many bytes of UTF-8 for each unit of UTF-16. */
const bytesPerUnit = 3

export function encodeJournal(entries: readonly JournalEntry[]): Buffer {
  let bytesMax = 0
  for (const { text } of entries) bytesMax += headerBytes + bytesPerUnit * text.length
  const into = room(bytesMax)
  let at = 0
  for (const { kind, receivedMs, text } of entries) {
    const length = into.write(text, at + headerBytes)
    into[at] = kinds.indexOf(kind)
    into.writeUInt32BE(length, at + 1)
    into.writeDoubleBE(receivedMs, at + 5)
    at += headerBytes + length
  }
  return Buffer.from(into.subarray(0, at))
}

/** What is encoded in turn, and copied. A journal that is longer has memory of its own, for as long. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024)

const room = (bytes: number): Buffer =>
  bytes > scratch.length ? Buffer.allocUnsafeSlow(bytes) : scratch

export function decodeJournal(bytes: Uint8Array): JournalEntry[] {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: JournalEntry[] = []
  for (let at = 0; at < from.length;) {
    const end = at + headerBytes + from.readUInt32BE(at + 1)
    entries.push({
      kind: kinds[from[at]!] ?? 'note',
      receivedMs: from.readDoubleBE(at + 5) as EpochMs,
      text: from.toString('utf8', at + headerBytes, end),
    })
    at = end
  }
  return entries
}

/** An event that a subject holds: as its text, which is smaller than what it says and is only decoded when it is asked for. */
export class Retained implements Received {
  readonly receivedMs: EpochMs
  readonly text: string
  readonly #tenant: string
  #event: CanonicalEvent | null

  /** `event`: what the text says, where that is known. */
  constructor(
    { receivedMs, text }: Pick<JournalEntry, 'receivedMs' | 'text'>,
    tenant: string,
    event: CanonicalEvent | null = null,
  ) {
    this.receivedMs = receivedMs
    this.text = text
    this.#tenant = tenant
    this.#event = event
  }

  get event(): CanonicalEvent {
    return (this.#event ??= eventOf(this.text, this.#tenant))
  }

  /** It is not expected to be asked for what it says soon. */
  rest(): void {
    this.#event = null
  }
}

/** An event of a journal. */
export const retainedOf = (entry: JournalEntry, tenant: string): Retained =>
  new Retained(entry, tenant)

export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

export function decodeJson<Value>(bytes: Uint8Array): Value {
  return JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  ) as Value
}
