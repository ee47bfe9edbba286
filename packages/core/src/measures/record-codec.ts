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

/** Grown as needed and used again: a commit encodes hundreds of records, one after another. */
let cellScratch = new Float64Array(1_024)
let byteScratch = new Uint8Array(1 + 1_024 * 2 * varintBytesMax)

/**
 * The record's cells, ascending, in the scratch. A record whose cells are out of order is put in order: it is encoded with every commit that touches it, and a
 * histogram soon has the bins that it will have.
 */
function sortedCells({ cells }: MeasureRecord): Float64Array {
  if (cells.size > cellScratch.length) cellScratch = new Float64Array(2 * cells.size)
  let count = 0
  let before = -1
  let ascending = true
  for (const cell of cells.keys()) {
    if (cell < before) ascending = false
    before = cell
    cellScratch[count++] = cell
  }
  const sorted = cellScratch.subarray(0, count)
  if (ascending) return sorted
  const values = new Map(cells)
  cells.clear()
  for (const cell of sorted.sort()) cells.set(cell, values.get(cell)!)
  return sorted
}

export function encodeRecord(record: MeasureRecord): Uint8Array {
  const cells = sortedCells(record)
  const bytesMax = 1 + cells.length * 2 * varintBytesMax
  if (bytesMax > byteScratch.length) byteScratch = new Uint8Array(2 * bytesMax)
  byteScratch[0] = version
  let at = 1
  let before = 0
  for (const cell of cells) {
    const value = record.cells.get(cell) ?? 0
    at = putVarint(byteScratch, at, (cell - before) * 2 + (value < 0 ? 1 : 0))
    at = putVarint(byteScratch, at, Math.abs(value))
    before = cell
  }
  return byteScratch.slice(0, at)
}

/** Calls `visit` for each cell, in ascending order. @throws RangeError when the bytes are not a record of this version: a store that lies is a bug. */
export function visitRecord(bytes: Uint8Array, visit: (cell: number, value: number) => void): void {
  if (bytes[0] !== version) throw new RangeError(`measure record of version ${bytes[0] ?? 'none'}, not ${version}`)
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
  visitRecord(bytes, (cell, value) => record.cells.set(cell, value))
  return record
}
