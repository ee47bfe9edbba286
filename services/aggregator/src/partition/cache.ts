/** A map in two halves. What is used moves to the young half; `age` drops the old one, and the young one grows old. */
export class Generations<Key, Value> {
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  get youngSize(): number {
    return this.#young.size
  }

  get isEmpty(): boolean {
    return this.#young.size + this.#old.size === 0
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const old = this.#old.get(key)
    if (old !== undefined) this.#young.set(key, old)
    return old
  }

  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
  }

  age(): void {
    this.#old = this.#young
    this.#young = new Map()
  }
}

/** A map that forgets what was not used for long, but only when told to: between two folds, when nothing in it is half-written. */
export class Cache<Value> {
  readonly #max: number
  readonly #values = new Generations<string, Value>()

  constructor(max: number) {
    this.#max = max
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
    if (this.#values.youngSize > this.#max / 2) this.#values.age()
  }
}
