import type { EpochMs } from '@deskpulse/core/time'
import { isHashOfRecords, type FoldedChange, type Load } from '@deskpulse/stream'
import { RecordMap } from './record-map.ts'
import { WakeTimes } from './wake-times.ts'

/** The records, hashes and wakes that folded changes leave: what a store would hold, in maps. Nothing in it expires by a clock. */
export class MemoryStore {
  readonly records = new RecordMap()
  readonly hashes = new Map<string, Map<string, Uint8Array>>()
  readonly wakes = new WakeTimes()
  logTimeMs = 0 as EpochMs
  /** What was put into the outbox, in order. Nobody takes it out but the owner of the store. */
  readonly out: FoldedChange['out'][number][] = []

  readonly load: Load = (keys, due, hashes = []) =>
    Promise.resolve({
      values: keys.map((key) => this.records.get(key) ?? null),
      wakes: due === null ? [] : this.wakes.due(due),
      hashes: hashes.map((key) =>
        isHashOfRecords(key)
          ? this.records.hash(key)
          : (this.hashes.get(key) ?? new Map<string, Uint8Array>()),
      ),
    })

  apply({ puts, expiries = [], appends, fields = [], wakes, out, logTimeMs }: FoldedChange): void {
    this.logTimeMs = logTimeMs
    for (const { key, bytes } of puts) {
      if (bytes === null) this.records.delete(key)
      else this.records.set(key, bytes)
    }
    for (const { key, expiresInMs } of expiries) if (expiresInMs === 0) this.records.deleteHash(key)
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
