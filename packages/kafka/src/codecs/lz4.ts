import { output } from './output.ts'
import type { Output } from './output.ts'

const frameMagic = 0x184d2204
const flags = {
  dictionary: 0x01,
  contentChecksum: 0x04,
  contentSize: 0x08,
  blockChecksums: 0x10,
} as const
const storedBlock = 0x80000000

/**
 * Decodes the LZ4 frame of a Kafka batch. Checksums are not looked at: Kafka has its own over the batch.
 * @throws on bytes that are no such frame.
 */
export function decodeLz4(bytes: Buffer, limit: number): Buffer {
  if (bytes.readUInt32LE(0) !== frameMagic) throw new Error('no LZ4 frame')
  const flag = bytes.readUInt8(4)
  if (flag & flags.dictionary) throw new Error('an LZ4 frame with a dictionary is not read')
  const out = output(bytes.length * 4, limit)
  // Magic, flags, block size, [content size], header checksum.
  for (let at = 4 + 2 + (flag & flags.contentSize ? 8 : 0) + 1; ;) {
    const size = bytes.readUInt32LE(at)
    at += 4
    if (size === 0) return out.bytes()
    const end = at + (size & ~storedBlock)
    if (end > bytes.length) throw new Error('an LZ4 block ends too early')
    if (size >= storedBlock) out.literal(bytes, at, end)
    else block(bytes.subarray(at, end), out)
    at = end + (flag & flags.blockChecksums ? 4 : 0)
  }
}

/** Sequences of literals and a match each; the last one has literals alone. */
function block(bytes: Buffer, out: Output): void {
  let at = 0

  /** A length whose four bits are full goes on in bytes, up to one that is not 255. */
  const length = (fourBits: number): number => {
    let value = fourBits
    if (fourBits === 15) {
      let next
      do {
        next = bytes.readUInt8(at++)
        value += next
      } while (next === 255)
    }
    return value
  }

  while (at < bytes.length) {
    const token = bytes.readUInt8(at++)
    const literals = length(token >> 4)
    out.literal(bytes, at, at + literals)
    at += literals
    if (at >= bytes.length) return
    const distance = bytes.readUInt16LE(at)
    at += 2
    out.repeat(distance, length(token & 15) + 4)
  }
}
