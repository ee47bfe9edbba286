import type { Subject } from '@deskpulse/core/state'

/** Big-endian: the chunk's number (8 bytes, a double), then per event its hash (8 bytes, a double), the length of the subject (2 bytes) and the subject in UTF-8. */
const headerBytes = 8
const entryHeaderBytes = 10
const firstBytes = 1_024

/** The bytes are a copy. `isWhole`: nothing of the chunk was written before. */
type Unwritten = { readonly bytes: Uint8Array; readonly isWhole: boolean }

/**
 * Identities and their subjects, held as they are stored, with a table of where each stands: a tenant has thousands, and a process many tenants. An
 * identity that comes again takes the place of the one before, but both count, as they do in the store.
 */
export class IdentityChunk {
  readonly number: number
  readonly #entriesMax: number
  #bytes: Buffer
  /** Of the same memory. */
  #view: DataView
  #end = headerBytes
  /** 0: it is not in the store. */
  #writtenTo = 0
  #entries = 0
  /** Where entries begin, at the first free place from the one that their hash says; 0: free. */
  readonly #places: Int32Array

  constructor(number: number, entriesMax: number, bytes = Buffer.allocUnsafeSlow(firstBytes)) {
    this.number = number
    this.#entriesMax = entriesMax
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#places = new Int32Array(placesFor(entriesMax))
    bytes.writeDoubleBE(number, 0)
  }

  static restore(stored: Uint8Array, entriesMax: number): IdentityChunk {
    const bytes = Buffer.from(new Uint8Array(stored).buffer) // What is held has memory of its own.
    const chunk = new IdentityChunk(bytes.readDoubleBE(0), entriesMax, bytes)
    while (chunk.#end < bytes.length) chunk.#index(chunk.#end)
    chunk.#writtenTo = chunk.#end
    return chunk
  }

  /** Of the memory. */
  get heldBytes(): number {
    return this.#bytes.length + this.#places.byteLength
  }

  get hasRoom(): boolean {
    return this.#entries < this.#entriesMax
  }

  /** `null`: the chunk does not know it. */
  subjectOf(identity: number): Subject | null {
    const at = this.#places[this.#placeOf(identity)]!
    return at === 0 ? null : this.#bytes.toString('utf8', at + entryHeaderBytes, this.#endOf(at))
  }

  put(identity: number, subject: Subject): void {
    const at = this.#end
    this.#reserve(at + entryHeaderBytes + Buffer.byteLength(subject))
    this.#bytes.writeDoubleBE(identity, at)
    this.#bytes.writeUInt16BE(this.#bytes.write(subject, at + entryHeaderBytes), at + 8)
    this.#index(at)
  }

  /** What came since the last time; `null`: nothing. */
  takeUnwritten(): Unwritten | null {
    if (this.#writtenTo === this.#end) return null
    const bytes = new Uint8Array(this.#bytes.subarray(this.#writtenTo, this.#end))
    const isWhole = this.#writtenTo === 0
    this.#writtenTo = this.#end
    return { bytes, isWhole }
  }

  /** An entry stands there, behind all others. */
  #index(at: number): void {
    this.#places[this.#placeOf(this.#view.getFloat64(at))] = at
    this.#end = this.#endOf(at)
    this.#entries += 1
  }

  #endOf(at: number): number {
    return at + entryHeaderBytes + this.#bytes.readUInt16BE(at + 8)
  }

  /** Where the table says of the identity, or would. */
  #placeOf(identity: number): number {
    const places = this.#places
    const view = this.#view
    const mask = places.length - 1
    let place = identity & mask
    for (let at = places[place]!; at !== 0 && view.getFloat64(at) !== identity; at = places[place]!)
      place = (place + 1) & mask
    return place
  }

  #reserve(end: number): void {
    if (end <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * end)
    larger.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** A power of two, at least twice as many as there are entries. */
function placesFor(entriesMax: number): number {
  return 2 ** Math.ceil(Math.log2(2 * entriesMax))
}
