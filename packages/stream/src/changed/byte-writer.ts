import { writeVarint } from '../bytes.ts'

const firstBytes = 256
const varintBytesMax = 8

/** Bytes that grow as they are written; `ByteReader` reads them. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(firstBytes)
  #length = 0

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  varint(value: number): void {
    this.#room(varintBytesMax)
    this.#length = writeVarint(this.#bytes, this.#length, value)
  }

  run(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  text(value: string): void {
    this.run(Buffer.from(value, 'utf8'))
  }

  /** What was written so far; a view that further writing leaves as it is. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
