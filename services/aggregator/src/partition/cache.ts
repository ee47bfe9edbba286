/** A map that forgets what was used longest ago, but only when told to: between two folds, when nothing in it is half-written. */
export class Cache<Value> {
  readonly #max: number
  #entries = new Map<string, Value>()

  constructor(max: number) {
    this.#max = max
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, value)
  }

  trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return
      this.#entries.delete(key)
    }
  }
}
