import { writeVarint } from '../bytes.ts'

const firstBytes = 1_024
const varintBytesMax = 8

/** Bytes that grow as they are written; `ByteReader` reads them. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #length = 0

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  varint(value: number): void {
    this.#room(varintBytesMax)
    if (value < 0x80) this.#bytes[this.#length++] = value
    else this.#length = writeVarint(this.#bytes, this.#length, value)
  }

  run(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** The text from this character on. */
  text(value: string, from = 0): void {
    const start = this.#length
    const length = value.length - from
    this.varint(length) // Most texts are ASCII: a byte a character.
    this.#room(length)
    const bytes = this.#bytes
    let at = this.#length
    for (let index = from; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) {
        this.#length = start
        return this.run(Buffer.from(value.slice(from), 'utf8'))
      }
      bytes[at++] = code
    }
    this.#length = at
  }

  /** A copy of what was written since the last time. */
  take(): Uint8Array {
    const taken = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length)
    this.#length = 0
    return taken
  }

  /** What another writer was given since it last gave away what it had, as a run. */
  runOf(other: ByteWriter): void {
    this.run(other.#bytes.subarray(0, other.#length))
    other.#length = 0
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
