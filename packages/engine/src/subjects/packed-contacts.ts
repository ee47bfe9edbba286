import type { Subject } from '@deskpulse/core/state'
import { Blocks } from '../partition/blocks.ts'
import type { PackedContact } from './contact-cell.ts'

/** About what the table takes for an entry: its place and its key, of which each character is a byte or two. */
const entryBytes = 120

/**
 * Open contacts that are not at hand: held packed, so that an event of one costs no read of the store, and outside of the heap, where many of them would
 * be most of what the garbage collector has to keep room for. Past the limit, those go that were put first.
 */
export class PackedContacts {
  readonly #maxBytes: number
  readonly #blocks = new Blocks()
  /** Where each begins in the blocks. */
  readonly #places = new Map<Subject, number>()

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    return this.#blocks.usedBytes + this.#places.size * entryBytes
  }

  put(subject: Subject, contact: PackedContact): void {
    this.#remove(subject)
    this.#places.set(subject, this.#blocks.put(bytesOf(contact)))
    for (const oldest of this.#places.keys()) {
      if (this.bytes <= this.#maxBytes) return
      this.#remove(oldest)
    }
  }

  /** Hands the contact over: it is held no more. */
  take(subject: Subject): PackedContact | undefined {
    const place = this.#places.get(subject)
    if (place === undefined) return undefined
    this.#places.delete(subject)
    return contactOf(this.#blocks.take(place))
  }

  #remove(subject: Subject): void {
    const place = this.#places.get(subject)
    if (place === undefined) return
    this.#places.delete(subject)
    this.#blocks.free(place)
  }
}

/** The lengths of image and journal (4 bytes each), image, journal, then the identities (8 bytes each, doubles). */
const headerBytes = 8

function bytesOf({ image, journal, identities }: PackedContact): Uint8Array {
  const imageLength = Buffer.byteLength(image)
  const bytes = Buffer.allocUnsafe(
    headerBytes + imageLength + journal.length + 8 * identities.length,
  )
  bytes.writeUInt32BE(imageLength, 0)
  bytes.writeUInt32BE(journal.length, 4)
  bytes.write(image, headerBytes)
  bytes.set(journal, headerBytes + imageLength)
  let at = headerBytes + imageLength + journal.length
  for (const identity of identities) at = bytes.writeDoubleBE(identity, at)
  return bytes
}

function contactOf(packed: Uint8Array): PackedContact {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const journalAt = headerBytes + bytes.readUInt32BE(0)
  const identitiesAt = journalAt + bytes.readUInt32BE(4)
  const identities: number[] = []
  for (let at = identitiesAt; at < bytes.length; at += 8) identities.push(bytes.readDoubleBE(at))
  return {
    image: bytes.toString('utf8', headerBytes, journalAt),
    journal: bytes.subarray(journalAt, identitiesAt),
    identities,
  }
}
