import { emptyRecord, type MeasureRecord } from './record.ts'

/**
 * Bytes of a record: the version, then for each cell in ascending order two varints: (distance from the cell before × 2 + 1 if negative), and the
 * magnitude. Zero cells are not there and the order is fixed, so equal records have equal bytes.
 */
const version = 1
const varintBytesMax = 8 // 56 bits hold a safe integer.

function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let next = at
  while (rest > 0x7fff_ffff) {
    bytes[next++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  while (rest >= 0x80) {
    bytes[next++] = (rest & 0x7f) | 0x80 // Integer steps: nearly every value is small, and they are several times faster.
    rest >>>= 7
  }
  bytes[next++] = rest
  return next
}

/** A commit encodes hundreds of records, one after another, and lets go of them together: they share memory, each behind the one before. */
const sharedBytes = 64 * 1024
let shared = new Uint8Array(sharedBytes)
let sharedEnd = 0

/** The bytes are a part of a larger buffer. */
export function encodeRecord({ cells, values }: MeasureRecord): Uint8Array {
  const bytesMax = 1 + cells.length * 2 * varintBytesMax
  if (sharedEnd + bytesMax > shared.length) {
    shared = new Uint8Array(Math.max(sharedBytes, bytesMax))
    sharedEnd = 0
  }
  const bytes = shared
  const start = sharedEnd
  bytes[start] = version
  let at = start + 1
  let before = 0
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index]!
    const value = values[index]!
    const isNegative = value < 0
    const step = (cell - before) * 2 + (isNegative ? 1 : 0)
    const magnitude = isNegative ? -value : value
    // A byte each, mostly: a measure's cells are neighbours, and most counts are small.
    if (step < 0x80) bytes[at++] = step
    else at = putVarint(bytes, at, step)
    if (magnitude < 0x80) bytes[at++] = magnitude
    else at = putVarint(bytes, at, magnitude)
    before = cell
  }
  sharedEnd = at
  return bytes.subarray(start, at)
}

/** Calls `visit` for each cell, in ascending order. @throws RangeError when the bytes are not a record of this version: a store that lies is a bug. */
export function visitRecord(bytes: Uint8Array, visit: (cell: number, value: number) => void): void {
  if (bytes[0] !== version)
    throw new RangeError(`measure record of version ${bytes[0] ?? 'none'}, not ${version}`)
  let at = 1
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('measure record ends inside a number')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
  let cell = 0
  while (at < bytes.length) {
    const step = varint()
    const magnitude = varint()
    cell += Math.floor(step / 2)
    visit(cell, step % 2 === 1 ? -magnitude : magnitude)
  }
}

export function decodeRecord(bytes: Uint8Array): MeasureRecord {
  const record = emptyRecord()
  visitRecord(bytes, (cell, value) => {
    record.cells.push(cell)
    record.values.push(value)
  })
  return record
}
