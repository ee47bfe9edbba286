/** Bytes of `value` as an unsigned LEB128 number. */
export function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}

/** Writes `value` (an integer, 0 to 2^53 − 1) and returns the position behind it. */
export function writeVarint(into: Uint8Array, position: number, value: number): number {
  let at = position
  let rest = value
  while (rest >= 0x80) {
    into[at++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  into[at++] = rest
  return at
}

export class Malformed extends Error {
  readonly position: number
  constructor(position: number, message: string) {
    super(message)
    this.position = position
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads numbers, texts and byte runs front to back. Every method throws Malformed, and nothing else, on bytes that do not hold what is asked for. */
export class ByteReader {
  readonly bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  byte(): number {
    const value = this.bytes[this.position]
    if (value === undefined) throw new Malformed(this.position, 'ends too early')
    this.position++
    return value
  }

  varint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    const start = this.position - 1
    let value = first & 0x7f
    for (let factor = 0x80; ; factor *= 0x80) {
      const next = this.byte()
      value += (next & 0x7f) * factor
      if (!Number.isSafeInteger(value)) throw new Malformed(start, 'a number is too large')
      if (next < 0x80) return value
    }
  }

  /** A number of things that each take at least one byte of what is left: a wrong one cannot ask for memory that the bytes do not justify. */
  count(): number {
    const start = this.position
    const value = this.varint()
    if (value > this.bytes.length - this.position)
      throw new Malformed(start, `${value} is more than is left`)
    return value
  }

  /** A view, not a copy. */
  run(): Uint8Array {
    const length = this.count()
    const start = this.position
    this.position = start + length
    return this.bytes.subarray(start, this.position)
  }

  text(): string {
    const start = this.position
    try {
      return utf8.decode(this.run())
    } catch (error) {
      if (error instanceof Malformed) throw error
      throw new Malformed(start, 'a text is not UTF-8')
    }
  }

  end(): void {
    if (this.position < this.bytes.length)
      throw new Malformed(this.position, 'goes on past its end')
  }
}
