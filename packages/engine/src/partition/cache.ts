/** A map in two halves. What is used moves to the young half; `age` drops the old one, and the young one grows old. */
export class Generations<Key, Value> {
  readonly #weigh: (value: Value) => number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()
  #youngWeight = 0

  /** @param weigh asked as a value grows young, and by `weighAgain`. */
  constructor(weigh: (value: Value) => number) {
    this.#weigh = weigh
  }

  get youngWeight(): number {
    return this.#youngWeight
  }

  get isEmpty(): boolean {
    return this.#young.size + this.#old.size === 0
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
    this.#youngWeight += this.#weigh(value)
  }

  /** Takes what grew in the young half for as heavy as it is now. */
  weighAgain(): void {
    this.#youngWeight = 0
    for (const value of this.#young.values()) this.#youngWeight += this.#weigh(value)
  }

  /** @returns what was dropped. */
  age(): Map<Key, Value> {
    const dropped = this.#old
    for (const key of this.#young.keys()) dropped.delete(key)
    this.#old = this.#young
    this.#young = new Map()
    this.#youngWeight = 0
    return dropped
  }
}

/** How often `StoredRecords` weighs its young half again, in trims: that costs a look at each. */
export const trimsPerWeighing = 64

export type CacheOptions<Value> = {
  /** In the unit of `weigh`. */
  readonly max: number
  readonly weigh: (value: Value) => number
  /** Told of what is forgotten. */
  readonly onForgotten?: (key: string, value: Value) => void
}

/** `weight`: as of the last trim after a use. */
type Entry<Value> = { value: Value; weight: number; isUsed: boolean }

/**
 * A map that forgets what was not used for longest when it holds more than its room, but only when told to: between two folds, when nothing in it is
 * half-written. Values grow while they are used: those that were used are weighed again then.
 */
export class Cache<Value> {
  readonly #options: CacheOptions<Value>
  /** The longest unused one is the first. */
  readonly #entries = new Map<string, Entry<Value>>()
  /** Since the last trim. */
  #used: Entry<Value>[] = []
  #weight = 0

  constructor(options: CacheOptions<Value>) {
    this.#options = options
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry !== undefined && !entry.isUsed) this.#use(key, entry)
    return entry?.value
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  set(key: string, value: Value): void {
    const entry = this.#entries.get(key) ?? { value, weight: 0, isUsed: false }
    entry.value = value
    if (!entry.isUsed) this.#use(key, entry)
  }

  trim(): void {
    const { max, onForgotten, weigh } = this.#options
    for (const entry of this.#used) {
      const weight = weigh(entry.value)
      this.#weight += weight - entry.weight
      entry.weight = weight
      entry.isUsed = false
    }
    this.#used = []
    for (const [key, { value, weight }] of this.#entries) {
      if (this.#weight <= max) return
      this.#entries.delete(key)
      this.#weight -= weight
      onForgotten?.(key, value)
    }
  }

  /** It becomes the last. */
  #use(key: string, entry: Entry<Value>): void {
    entry.isUsed = true
    this.#used.push(entry)
    this.#entries.delete(key)
    this.#entries.set(key, entry)
  }
}
