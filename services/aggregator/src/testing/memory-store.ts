import type { EpochMs } from '@deskpulse/core'
import { isHashOfRecords, placeInHash, type FoldedChange, type Load } from '@deskpulse/stream'
import { WakeTimes } from './wake-times.ts'

/** The records, hashes and wakes that folded changes leave: what a store would hold, in maps that a test can compare. */
export class MemoryStore {
  readonly records = new Map<string, Uint8Array>()
  readonly hashes = new Map<string, Map<string, Uint8Array>>()
  readonly wakes = new WakeTimes()
  logTimeMs = 0 as EpochMs
  readonly out: FoldedChange['out'][number][] = []

  /** The keys of records, by hash; some may be gone. */
  readonly #keysOf = new Map<string, Set<string>>()

  readonly load: Load = (keys, due, hashes = []) =>
    Promise.resolve({
      values: keys.map((key) => this.records.get(key) ?? null),
      wakes: due === null ? [] : this.wakes.due(due),
      hashes: hashes.map((key) => (isHashOfRecords(key) ? this.#recordsOf(key) : (this.hashes.get(key) ?? new Map<string, Uint8Array>()))),
    })

  #recordsOf(hash: string): Map<string, Uint8Array> {
    const keys = [...(this.#keysOf.get(hash) ?? [])].filter((key) => this.records.has(key))
    return new Map(keys.map((key) => [key.slice(hash.length + 1), this.records.get(key)!]))
  }

  /** What expires by a clock stays; what is removed at once goes. */
  #expire(hash: string): void {
    for (const key of this.#keysOf.get(hash) ?? []) this.records.delete(key)
    this.#keysOf.delete(hash)
  }

  apply({ puts, expiries = [], appends, fields = [], wakes, out, logTimeMs }: FoldedChange): void {
    this.logTimeMs = logTimeMs
    for (const { key, bytes } of puts) {
      if (bytes === null) this.records.delete(key)
      else {
        const place = this.records.has(key) ? null : placeInHash(key)
        if (place !== null) this.#keysOf.getOrInsertComputed(place.hash, () => new Set()).add(key)
        this.records.set(key, bytes)
      }
    }
    for (const { key, expiresInMs } of expiries) if (expiresInMs === 0) this.#expire(key)
    for (const { key, bytes } of appends) this.records.set(key, Buffer.concat([this.records.get(key) ?? new Uint8Array(0), bytes]))
    for (const { key, field, bytes } of fields) {
      const hash = this.hashes.getOrInsertComputed(key, () => new Map<string, Uint8Array>())
      if (bytes === null) hash.delete(field)
      else hash.set(field, bytes)
    }
    for (const { subject, atMs } of wakes) {
      if (atMs === null) this.wakes.delete(subject)
      else this.wakes.set(subject, atMs)
    }
    this.out.push(...out)
  }
}
