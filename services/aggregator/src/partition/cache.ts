/**
 * A map that forgets what was not used for long, but only when told to: between two folds, when nothing in it is half-written. What is used moves to the
 * young half; when that is full, the old half is dropped and the young one grows old.
 */
export class Cache<Value> {
  readonly #max: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(max: number) {
    this.#max = max
  }

  get(key: string): Value | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const old = this.#old.get(key)
    if (old !== undefined) this.#young.set(key, old)
    return old
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: string, value: Value): void {
    this.#young.set(key, value)
  }

  trim(): void {
    if (this.#young.size <= this.#max / 2) return
    this.#old = this.#young
    this.#young = new Map()
  }
}
