import * as z from 'zod'

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** `28s` → 28,000; what is no text of a number and a unit is returned as it came. */
export function millisecondsOf(value: unknown): unknown {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(value) : null
  return match === null ? value : Number(match[1]) * unitsMs[match[2]!]!
}

/** In the largest unit that gives a whole number: 7,200,000 → `2h`. */
function inWords(ms: number): string {
  const unit = ['d', 'h', 'm', 's'].find((one) => ms > 0 && ms % (unitsMs[one] ?? 1) === 0) ?? 'ms'
  return `${ms / unitsMs[unit]!}${unit}`
}

/** A duration in the file: `28s`, `1.5h`, `72h`, or milliseconds as a number. Milliseconds inside. `also`: what an error names before it. */
export function duration(minMs: number, maxMs: number, also = '') {
  const error = `${also}a duration from ${inWords(minMs)} to ${inWords(maxMs)}, such as 28s, 1h or a number of milliseconds`
  return z
    .preprocess(millisecondsOf, z.int({ error }).min(minMs, { error }).max(maxMs, { error }))
    .meta({ description: error })
}
