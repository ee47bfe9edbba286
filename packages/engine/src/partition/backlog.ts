import {
  backlogKey,
  backlogMembersKey,
  decodeTally,
  encodeMember,
  encodeTally,
} from '@deskpulse/core/state'
import type { InBacklog } from '@deskpulse/core/subjects'
import type { ChangeSet } from './change-set.ts'
import type { Tenant } from './tenant.ts'

const noSlices: readonly number[] = []

/**
 * How many contacts of a tenant are open, by slice, and which. A contact is taken back from the slices in which it was counted. Who is open is written and not held: the
 * counts are what everybody asks for.
 */
export class Backlog {
  readonly #tenant: Tenant
  readonly #counts: Map<number, number>
  readonly #changed = new Set<number>()
  readonly #members = new Map<string, Uint8Array | null>()

  /** `stored`: the hash `backlog:<tenant>`. */
  constructor(tenant: Tenant, stored: ReadonlyMap<string, Uint8Array>) {
    this.#tenant = tenant
    this.#counts = new Map([...stored].map(([slice, bytes]) => [Number(slice), decodeTally(bytes)]))
  }

  /** `null`: the contact was not open; it is not. */
  replace(contactId: string, before: InBacklog | null, now: InBacklog | null): void {
    this.#add(this.#slicesOf(before), -1)
    const slices = this.#slicesOf(now)
    this.#add(slices, 1)
    const member = now === null ? null : encodeMember({ ...now, slices })
    this.#members.set(contactId, member)
  }

  #slicesOf(contact: InBacklog | null): readonly number[] {
    return contact === null ? noSlices : this.#tenant.slicesAt(contact.sinceMs, contact.dimensions)
  }

  #add(slices: readonly number[], change: 1 | -1): void {
    for (const slice of slices) {
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
    const members = backlogMembersKey(this.#tenant.name)
    for (const [contactId, member] of this.#members) changes.field(members, contactId, member)
    this.#members.clear()
  }
}
