import type { EpochMs } from '@deskpulse/core/time'
import { isHashOfRecords, placeInHash, type FoldedChange, type Load } from '@deskpulse/stream'
import { WakeTimes } from './wake-times.ts'

/** The records, hashes and wakes that folded changes leave: what a store would hold, in maps that a test can compare. */
export class MemoryStore {
  readonly records = new Map<string, Uint8Array>()
  readonly hashes = new Map<string, Map<string, Uint8Array>>()
  readonly wakes = new WakeTimes()
  logTimeMs = 0 as EpochMs
  readonly out: FoldedChange['out'][number][] = []

  readonly load: Load = (keys, due, hashes = []) =>
    Promise.resolve({
      values: keys.map((key) => this.records.get(key) ?? null),
      wakes: due === null ? [] : this.wakes.due(due),
      hashes: hashes.map((key) =>
        isHashOfRecords(key)
          ? this.#recordsOf(key)
          : (this.hashes.get(key) ?? new Map<string, Uint8Array>()),
      ),
    })

  #recordsOf(hash: string): Map<string, Uint8Array> {
    const prefix = `${hash}#`
    return new Map(
      [...this.records]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, bytes]) => [key.slice(prefix.length), bytes]),
    )
  }

  /** What expires by a clock stays; what is removed at once goes. */
  #expire(hashes: ReadonlySet<string>): void {
    if (hashes.size === 0) return
    for (const key of this.records.keys())
      if (hashes.has(placeInHash(key)?.hash ?? '')) this.records.delete(key)
  }

  apply({ puts, expiries = [], appends, fields = [], wakes, out, logTimeMs }: FoldedChange): void {
    this.logTimeMs = logTimeMs
    for (const { key, bytes } of puts) {
      if (bytes === null) this.records.delete(key)
      else this.records.set(key, bytes)
    }
    this.#expire(
      new Set(expiries.filter(({ expiresInMs }) => expiresInMs === 0).map(({ key }) => key)),
    )
    for (const { key, bytes } of appends)
      this.records.set(key, Buffer.concat([this.records.get(key) ?? new Uint8Array(0), bytes]))
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
