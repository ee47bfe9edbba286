import { placeInHash } from '@deskpulse/stream'

/** Records by key. Those of a hash of records are found without a look at the others, as in a store. */
export class RecordMap extends Map<string, Uint8Array> {
  /** Keys of the records in each hash, by field. */
  readonly #hashes = new Map<string, Map<string, string>>()

  override set(key: string, bytes: Uint8Array): this {
    const place = placeInHash(key)
    if (place !== null)
      this.#hashes
        .getOrInsertComputed(place.hash, () => new Map<string, string>())
        .set(place.field, key)
    return super.set(key, bytes)
  }

  override delete(key: string): boolean {
    const place = placeInHash(key)
    if (place !== null) {
      const fields = this.#hashes.get(place.hash)
      fields?.delete(place.field)
      if (fields?.size === 0) this.#hashes.delete(place.hash)
    }
    return super.delete(key)
  }

  /** All of a hash, by field. */
  hash(name: string): Map<string, Uint8Array> {
    const fields = this.#hashes.get(name) ?? new Map<string, string>()
    return new Map(Array.from(fields, ([field, key]) => [field, this.get(key)!]))
  }

  deleteHash(name: string): void {
    for (const key of this.#hashes.get(name)?.values() ?? []) super.delete(key)
    this.#hashes.delete(name)
  }
}
