import { sliceDaysKey } from '@deskpulse/core'
import type { ChangeSet } from './change-set.ts'
import { decodeJson, encodeJson } from './journal.ts'

/** How many day records each slice of a tenant has: a slice whose facts were all taken back has none. */
export class SliceDays {
  readonly #key: string
  readonly #counts: number[]
  #changed = false

  constructor(tenant: string, stored: Uint8Array | null) {
    this.#key = sliceDaysKey(tenant)
    this.#counts = stored === null ? [] : decodeJson<number[]>(stored)
  }

  /** A day record of the slice came (`1`) or went (`-1`). */
  add(slice: number, change: 1 | -1): void {
    while (this.#counts.length <= slice) this.#counts.push(0)
    this.#counts[slice]! += change
    this.#changed = true
  }

  write(changes: ChangeSet): void {
    if (this.#changed) changes.put(this.#key, encodeJson(this.#counts))
    this.#changed = false
  }
}
