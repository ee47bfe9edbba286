import type { EpochMs } from '../time/time.ts'

/** A commit takes hundreds of pieces, and lets go of them together: they share memory, each behind the one before. */
const sharedBytes = 64 * 1024
let shared = new Uint8Array(sharedBytes)
let sharedEnd = 0

/** Numbers and texts as bytes, one after another. A number takes a byte for each 7 bits of it, so does each UTF-16 unit of a text: ASCII takes one. */
export class ByteWriter {
  #bytes = new Uint8Array(128)
  #at = 0

  byte(value: number): void {
    if (this.#at === this.#bytes.length) this.#grow()
    this.#bytes[this.#at++] = value
  }

  /** A safe integer, not negative. */
  count(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  /** A safe integer of at most 52 bits, also before 1970. */
  time(atMs: number): void {
    this.count(atMs < 0 ? -2 * atMs - 1 : 2 * atMs)
  }

  text(value: string): void {
    this.count(value.length)
    for (let at = 0; at < value.length; at += 1) this.count(value.charCodeAt(at))
  }

  /** So many bytes, and how many. */
  bytes(value: Uint8Array): void {
    this.count(value.length)
    for (const byte of value) this.byte(byte)
  }

  /** What was written since the last time: a part of a larger buffer. */
  take(): Uint8Array {
    if (sharedEnd + this.#at > shared.length) {
      shared = new Uint8Array(Math.max(sharedBytes, this.#at))
      sharedEnd = 0
    }
    shared.set(this.#bytes.subarray(0, this.#at), sharedEnd)
    const taken = shared.subarray(sharedEnd, sharedEnd + this.#at)
    sharedEnd += this.#at
    this.#at = 0
    return taken
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** @throws RangeError where the bytes end inside of what is asked for. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new RangeError('the bytes end too early')
    this.#at += 1
    return byte
  }

  count(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  time(): EpochMs {
    const count = this.count()
    return (count % 2 === 1 ? -(count + 1) / 2 : count / 2) as EpochMs
  }

  bytes(): Uint8Array {
    const length = this.count()
    if (this.#at + length > this.#bytes.length) throw new RangeError('the bytes end too early')
    return this.#bytes.subarray(this.#at, (this.#at += length))
  }

  /** All that was not read yet. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at)
  }

  text(): string {
    const length = this.count()
    const units: number[] = []
    for (let left = length; left > 0; left -= 1) units.push(this.count())
    return String.fromCharCode(...units)
  }
}
