/** What is put takes whole blocks: half of one is lost on average. */
const blockBytes = 256
const blocksPerChunk = 1_024
const none = -1
/** Of what is put, before its first byte. */
const lengthBytes = 4

/**
 * Runs of bytes outside of the JavaScript heap, each in a chain of blocks of one size: whatever comes and goes leaves no gaps. Memory that was needed once
 * is kept for what comes next.
 */
export class Blocks {
  readonly #chunks: Buffer[] = []
  /** Of each block the one behind it, of the same run or of the free ones; `none`: it is the last. */
  #next = new Int32Array(0)
  #free = none
  #used = 0

  /** Of the blocks that hold something. */
  get usedBytes(): number {
    return this.#used * blockBytes
  }

  /** Of all blocks, with what is kept of them. */
  get heldBytes(): number {
    return this.#chunks.length * blocksPerChunk * blockBytes + this.#next.byteLength
  }

  /** @returns the place by which it is taken, or freed, once. */
  put(bytes: Uint8Array): number {
    const count = Math.ceil((lengthBytes + bytes.length) / blockBytes)
    const first = this.#allocate()
    let block = first
    for (let written = 0, nth = 0; ; nth += 1) {
      const chunk = this.#chunks[Math.floor(block / blocksPerChunk)]!
      const start = (block % blocksPerChunk) * blockBytes
      const from = nth === 0 ? chunk.writeUInt32BE(bytes.length, start) : start
      const length = Math.min(bytes.length - written, start + blockBytes - from)
      chunk.set(bytes.subarray(written, written + length), from)
      written += length
      if (nth === count - 1) break
      const next = this.#allocate()
      this.#next[block] = next
      block = next
    }
    this.#next[block] = none
    return first
  }

  /** What was put there, with memory of its own. The place is free. */
  take(place: number): Uint8Array {
    const bytes = new Uint8Array(
      this.#chunks[Math.floor(place / blocksPerChunk)]!.readUInt32BE(
        (place % blocksPerChunk) * blockBytes,
      ),
    )
    let skipped = lengthBytes
    for (let read = 0, block = place; read < bytes.length; block = this.#next[block]!) {
      const chunk = this.#chunks[Math.floor(block / blocksPerChunk)]!
      const from = (block % blocksPerChunk) * blockBytes + skipped
      const length = Math.min(bytes.length - read, blockBytes - skipped)
      bytes.set(chunk.subarray(from, from + length), read)
      read += length
      skipped = 0
    }
    this.free(place)
    return bytes
  }

  free(place: number): void {
    let last = place
    this.#used -= 1
    for (; this.#next[last] !== none; last = this.#next[last]!) this.#used -= 1
    this.#next[last] = this.#free
    this.#free = place
  }

  #allocate(): number {
    if (this.#free === none) this.#grow()
    const block = this.#free
    this.#free = this.#next[block]!
    this.#used += 1
    return block
  }

  #grow(): void {
    const from = this.#chunks.length * blocksPerChunk
    this.#chunks.push(Buffer.allocUnsafeSlow(blocksPerChunk * blockBytes))
    const next = new Int32Array(from + blocksPerChunk)
    next.set(this.#next)
    for (let block = from; block < next.length; block += 1)
      next[block] = block + 1 < next.length ? block + 1 : none
    this.#next = next
    this.#free = from
  }
}
