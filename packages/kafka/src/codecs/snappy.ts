import { output } from './output.ts'
import type { Output } from './output.ts'

/** The frame that Java producers put around snappy blocks (`SnappyOutputStream`): magic, two version numbers, then length-prefixed blocks. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const xerialHeaderLength = 16

/** Decodes snappy, framed as Java producers do or bare as others do. @throws on bytes that are neither. */
export function decodeSnappy(bytes: Buffer, limit: number): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return block(bytes, limit)
  const blocks: Buffer[] = []
  let room = limit
  for (let at = xerialHeaderLength; at < bytes.length;) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0 || at + length > bytes.length) throw new Error('a snappy block ends too early')
    const decoded = block(bytes.subarray(at, at + length), room)
    room -= decoded.length
    blocks.push(decoded)
    at += length
  }
  return Buffer.concat(blocks)
}

function block(bytes: Buffer, limit: number): Buffer {
  let at = 0
  let expected = 0
  for (let shift = 0; ; shift += 7) {
    const next = bytes.readUInt8(at++)
    expected += (next & 0x7f) * 2 ** shift
    if (next < 0x80) break
    if (shift > 28) throw new Error('a snappy length is too large')
  }
  if (expected > limit) throw new Error(`compressed bytes grow past ${limit}`)
  const out = output(expected, limit)
  while (at < bytes.length) at = element(bytes, at, out)
  if (out.bytes().length !== expected)
    throw new Error('a snappy block has another length than it says')
  return out.bytes()
}

/** One literal or copy; the two low bits of its tag say which. Returns the position behind it. */
function element(bytes: Buffer, position: number, out: Output): number {
  const tag = bytes.readUInt8(position)
  const at = position + 1
  switch (tag & 3) {
    case 0: {
      const extra = tag >> 2 < 60 ? 0 : (tag >> 2) - 59
      const length = (extra === 0 ? tag >> 2 : bytes.readUIntLE(at, extra)) + 1
      out.literal(bytes, at + extra, at + extra + length)
      return at + extra + length
    }
    case 1:
      out.repeat(((tag >> 5) << 8) | bytes.readUInt8(at), ((tag >> 2) & 7) + 4)
      return at + 1
    case 2:
      out.repeat(bytes.readUInt16LE(at), (tag >> 2) + 1)
      return at + 2
    default:
      out.repeat(bytes.readUInt32LE(at), (tag >> 2) + 1)
      return at + 4
  }
}
