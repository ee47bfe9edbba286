import type { EpochMs } from '@deskpulse/core'
import type { FoldedChange, Load } from '@deskpulse/stream'
import { WakeTimes } from './wake-times.ts'

/** The records, intervals and wakes that folded changes leave: what a store would hold, in maps that a test can compare. */
export class MemoryStore {
  readonly records = new Map<string, Uint8Array>()
  readonly open = new Map<string, Map<string, EpochMs>>()
  readonly wakes = new WakeTimes()
  logTimeMs = 0 as EpochMs
  readonly out: FoldedChange['out'][number][] = []

  readonly load: Load = (keys, due, openKeys = []) =>
    Promise.resolve({
      values: keys.map((key) => this.records.get(key) ?? null),
      wakes: due === null ? [] : this.wakes.due(due),
      members: openKeys.map((key) => byTime(this.open.get(key) ?? new Map<string, EpochMs>()).map(([member]) => member)),
    })

  apply({ puts, appends, open, wakes, out, logTimeMs }: FoldedChange): void {
    this.logTimeMs = logTimeMs
    for (const { key, bytes } of puts) {
      if (bytes === null) this.records.delete(key)
      else this.records.set(key, bytes)
    }
    for (const { key, bytes } of appends) this.records.set(key, Buffer.concat([this.records.get(key) ?? new Uint8Array(0), bytes]))
    for (const { key, member, sinceMs } of open) {
      const members = this.open.get(key) ?? new Map<string, EpochMs>()
      if (sinceMs === null) members.delete(member)
      else members.set(member, sinceMs)
      if (members.size === 0) this.open.delete(key)
      else this.open.set(key, members)
    }
    for (const { subject, atMs } of wakes) {
      if (atMs === null) this.wakes.delete(subject)
      else this.wakes.set(subject, atMs)
    }
    this.out.push(...out)
  }
}

function byTime(times: ReadonlyMap<string, EpochMs>): [string, EpochMs][] {
  return [...times].sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1))
}
