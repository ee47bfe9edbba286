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

/** Values grow while they are used. All are weighed again once in so many trims, as that costs a look at each. */
export const trimsPerWeighing = 64

export type CacheOptions<Value> = {
  /** In the unit of `weigh`. */
  readonly max: number
  readonly weigh: (value: Value) => number
  /** Told of what is forgotten. */
  readonly onForgotten?: (key: string, value: Value) => void
}

/** A map that forgets what was not used for long, but only when told to: between two folds, when nothing in it is half-written. */
export class Cache<Value> {
  readonly #options: CacheOptions<Value>
  readonly #values: Generations<string, Value>
  #trims = 0

  constructor(options: CacheOptions<Value>) {
    this.#options = options
    this.#values = new Generations(options.weigh)
  }

  get(key: string): Value | undefined {
    return this.#values.get(key)
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  set(key: string, value: Value): void {
    this.#values.set(key, value)
  }

  trim(): void {
    const { max, onForgotten } = this.#options
    if (++this.#trims % trimsPerWeighing === 0) this.#values.weighAgain()
    if (this.#values.youngWeight <= max / 2) return
    const dropped = this.#values.age()
    if (onForgotten !== undefined) for (const [key, value] of dropped) onForgotten(key, value)
  }
}
