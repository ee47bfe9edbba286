/**
 * Log-linear histogram: every power of two is cut into 64 bins of equal width, by integer arithmetic alone, so that a value falls in the same bin
 * on every machine for all time (a retraction must find the bin that it added to). Below 128 ms a bin is one millisecond; 0 has its own.
 * A bin is at most 1/64 of its lower bound wide, so its midpoint is within 0.79 % of every value in it, from 1 ms to 2^53 − 1 ms.
 */
const binsPerOctave = 64
const octaveBits = 6

/** One more than the largest bin number. */
export const binCount = 3_072

/** Bin of a duration. @throws RangeError unless `ms` is a non-negative safe integer: folds clamp, histograms do not guess. */
export function binOf(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`a duration is a whole number of milliseconds from 0, not ${ms}`)
  if (ms < binsPerOctave) return ms
  if (ms < 0x8000_0000) {
    const shift = 31 - octaveBits - Math.clz32(ms)
    return shift * binsPerOctave + (ms >>> shift)
  }
  const high = Math.floor(ms / 0x100_0000) // Beyond 31 bits; every bin there is at least 2^24 wide, so the low 24 decide nothing.
  const shift = 31 - octaveBits - Math.clz32(high)
  return (shift + 24) * binsPerOctave + (high >>> shift)
}

/** The value that stands for a bin: the middle of the whole milliseconds in it, rounded down. */
export function binValue(bin: number): number {
  if (bin < 2 * binsPerOctave) return bin
  const shift = Math.floor(bin / binsPerOctave) - 1
  const width = 2 ** shift
  return (bin - shift * binsPerOctave) * width + (width / 2 - 1)
}

/** Bins in ascending order with their counts, parallel. */
export type Bins = {
  readonly bins: readonly number[]
  readonly counts: readonly number[]
  readonly total: number
}

/**
 * Nearest-rank percentile: with n values in ascending order, the one at rank ⌈percent ÷ 100 × n⌉ (from 1), as its bin's value.
 * `percent` is a whole number from 1 to 100, so the rank is exact. p50 of two values is the lower one.
 * @returns `null` without values.
 */
export function percentile(histogram: Bins, percent: number): number | null {
  if (histogram.total <= 0) return null
  const rank = Math.ceil((histogram.total * percent) / 100)
  let seen = 0
  for (let index = 0; index < histogram.bins.length; index++) {
    seen += histogram.counts[index] ?? 0
    if (seen >= rank) return binValue(histogram.bins[index] ?? 0)
  }
  return null
}
