import { backlogKey, decodeTally, encodeTally } from '@deskpulse/core/state'
import type { InBacklog } from '@deskpulse/core/subjects'
import type { ChangeSet } from './change-set.ts'
import type { Tenant } from './tenant.ts'

/** How many contacts of a tenant are open, by slice. A contact is taken back from the slices in which it was counted. */
export class Backlog {
  readonly #tenant: Tenant
  readonly #counts: Map<number, number>
  readonly #changed = new Set<number>()

  /** `stored`: the hash `backlog:<tenant>`. */
  constructor(tenant: Tenant, stored: ReadonlyMap<string, Uint8Array>) {
    this.#tenant = tenant
    this.#counts = new Map([...stored].map(([slice, bytes]) => [Number(slice), decodeTally(bytes)]))
  }

  add(contact: InBacklog | null, change: 1 | -1): void {
    if (contact === null) return
    for (const slice of this.#tenant.slicesAt(contact.sinceMs, contact.dimensions)) {
      this.#counts.set(slice, (this.#counts.get(slice) ?? 0) + change)
      this.#changed.add(slice)
    }
  }

  write(changes: ChangeSet): void {
    const key = backlogKey(this.#tenant.name)
    for (const slice of this.#changed) {
      const count = this.#counts.get(slice)!
      if (count === 0) this.#counts.delete(slice)
      changes.field(key, String(slice), count === 0 ? null : encodeTally(count))
    }
    this.#changed.clear()
  }
}
