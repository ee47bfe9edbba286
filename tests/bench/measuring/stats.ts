/** The middle and the ends of some measurements. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number }

/** @throws RangeError when there are none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length === 0) throw new RangeError('a spread of nothing')
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** The smallest value that at least the share `quantile` of all values does not exceed; exact. @throws RangeError when there are none. */
export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) throw new RangeError('a quantile of nothing')
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)]!
}

/** Cumulative counts of a Prometheus histogram, by upper bound, smallest first. */
export type Buckets = readonly { readonly upTo: number; readonly count: number }[]

/**
 * As `histogram_quantile`: linear within the bucket; in the last one, which is open, its lower bound. `null`: nothing was observed.
 */
export function histogramQuantile(buckets: Buckets, quantile: number): number | null {
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) return null
  const wanted = quantile * total
  let from = { upTo: 0, count: 0 }
  for (const bucket of buckets) {
    if (bucket.count >= wanted) {
      if (bucket.upTo === Infinity || bucket.count === from.count) return from.upTo
      return (
        from.upTo +
        ((bucket.upTo - from.upTo) * (wanted - from.count)) / (bucket.count - from.count)
      )
    }
    from = bucket
  }
  return from.upTo
}
