import { sliceDaysKey } from '@deskpulse/core/state'
import type { ChangeSet } from './change-set.ts'
import { decodeJson, encodeJson } from './journal.ts'

/** What stands for a slice that has no day record, but records of running minutes. */
const onlyMinutes = -1

/** How many day records each slice of a tenant has: a slice of which all was taken back has none. */
export class SliceDays {
  readonly #key: string
  readonly #stored: number[]
  readonly #days: number[]
  readonly #touched = new Set<number>()

  constructor(tenant: string, stored: Uint8Array | null) {
    this.#key = sliceDaysKey(tenant)
    this.#stored = stored === null ? [] : decodeJson<number[]>(stored)
    this.#days = this.#stored.map((count) => (count === onlyMinutes ? 0 : count))
  }

  /** A day record of the slice came (`1`) or went (`-1`). */
  add(slice: number, change: 1 | -1): void {
    while (this.#days.length <= slice) this.#days.push(0)
    this.#days[slice]! += change
    this.#touched.add(slice)
  }

  /** A record of a running minute came or went. */
  touch(slice: number): void {
    this.#touched.add(slice)
  }

  /** @param isRunning whether a slice has records of running minutes. */
  write(changes: ChangeSet, isRunning: (slice: number) => boolean): void {
    let isChanged = false
    for (const slice of this.#touched) {
      const days = this.#days[slice] ?? 0
      const count = days === 0 && isRunning(slice) ? onlyMinutes : days
      while (this.#stored.length <= slice) this.#stored.push(0)
      isChanged ||= this.#stored[slice] !== count
      this.#stored[slice] = count
    }
    this.#touched.clear()
    if (isChanged) changes.put(this.#key, encodeJson(this.#stored))
  }
}
