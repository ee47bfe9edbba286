/** A seeded source of chance: the same seed gives the same draws. */
export type Random = {
  /** In [0, 1). */
  next(): number
  between(min: number, max: number): number
  chance(probability: number): boolean
  /** One of `choices`, which is not empty. */
  pick<T>(choices: readonly T[]): T
  /** Weights need not add up to 1. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T
  /** Waiting time until the next of events that come independently, on average every `mean`. */
  exponential(mean: number): number
  /** Half of the draws are below `median`; `spread` 0.6 puts a tenth above 2.2 × median. The shape of human reply times. */
  logNormal(median: number, spread: number): number
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick,
    weighted: (weights) => {
      const names = Object.keys(weights) as (keyof typeof weights)[]
      let rest = next() * names.reduce((sum, name) => sum + weights[name], 0)
      return (
        names.find((name) => (rest -= weights[name]) < 0) ??
        (names.at(-1) as (typeof names)[number])
      )
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    logNormal: (median, spread) =>
      median *
      Math.exp(spread * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
  }
}

/** 32 bits of state, public domain (T. Ettinger); enough for a demonstration, not for secrets. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
