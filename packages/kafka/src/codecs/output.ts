/** Grows as bytes are written; what was written can be copied from, as LZ77 formats do. */
export type Output = {
  literal(from: Uint8Array, start: number, end: number): void
  /** Repeats `length` bytes that begin `distance` before the end; they may overlap what they make. @throws where nothing was written yet. */
  repeat(distance: number, length: number): void
  bytes(): Buffer
}

/** @throws from its methods when the output would pass `limit`. */
export function output(expected: number, limit: number): Output {
  let buffer = Buffer.allocUnsafe(Math.min(Math.max(expected, 1_024), limit))
  let end = 0

  function reserve(length: number): void {
    if (end + length > limit) throw new Error(`compressed bytes grow past ${limit}`)
    if (end + length <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.min(limit, Math.max(buffer.length * 2, end + length)))
    buffer.copy(larger, 0, 0, end)
    buffer = larger
  }

  return {
    literal(from, start, stop) {
      if (start > stop || stop > from.length) throw new Error('compressed bytes end too early')
      reserve(stop - start)
      buffer.set(from.subarray(start, stop), end)
      end += stop - start
    },
    repeat(distance, length) {
      if (distance < 1 || distance > end)
        throw new Error('compressed bytes refer to what is not there')
      reserve(length)
      if (distance >= length) buffer.copyWithin(end, end - distance, end - distance + length)
      else for (let at = end; at < end + length; at++) buffer[at] = buffer[at - distance] ?? 0
      end += length
    },
    bytes: () => buffer.subarray(0, end),
  }
}
