import type { Subject } from '@deskpulse/core/state'
import {
  type Appealed,
  type Contact,
  contactRetentionMs,
  type Exclusion,
} from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { Outputs } from './outputs.ts'

/** What an appeal tells a contact. `excluded`: `null`: nothing, as nobody has granted that. `sinceMs`: log time of the entry by which it does. */
export type ContactAppeal = { readonly excluded: Exclusion | null; readonly sinceMs: EpochMs }

/** `toldDays`: days of log time on which it told something. `isAnswered`: it knows that the contact is kept. */
type Taken = {
  readonly excluded: Exclusion | null
  readonly toldDays: readonly number[]
  readonly isAnswered?: true
}

export type StoredAppeals = Readonly<Record<Subject, Taken>>

/** Appeals about a contact: which of its rows they leave out. Where nothing is known of it yet, they wait for its events as long as a contact is kept. */
export class ContactAppeals {
  readonly #appeals: Map<Subject, Taken>

  constructor(stored: StoredAppeals = {}) {
    this.#appeals = new Map(Object.entries(stored))
  }

  /** In an order that does not depend on which came first. */
  get appealed(): Appealed {
    const all = [...this.#appeals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    return {
      excluded: all.flatMap(({ excluded }) => excluded ?? []),
      toldDays: all.flatMap(({ toldDays }) => toldDays),
    }
  }

  take(by: Subject, { excluded, sinceMs }: ContactAppeal): void {
    const known = this.#appeals.get(by)
    const toldDays = new Set([...(known?.toldDays ?? []), Math.floor(sinceMs / dayMs)])
    this.#appeals.set(by, { ...known, excluded, toldDays: [...toldDays] })
  }

  /** Appeals are to know that the contact is kept. */
  answer(contact: Contact, tenant: Tenant, outputs: Outputs): void {
    if (contact.isBlank) return
    for (const [by, appeal] of this.#appeals) {
      if (appeal.isAnswered) continue
      this.#appeals.set(by, { ...appeal, isAnswered: true })
      const said = { kind: 'found', contactId: contact.id } as const
      outputs.tellOwnId(tenant, by, `contact/${contact.id}`, { said, untilMs: null })
    }
    if (contact.isExpired) this.#appeals.clear()
  }

  /** Those that have waited long enough for a contact of which nothing is known. */
  forgetPast(nowMs: EpochMs): void {
    for (const [by, appeal] of this.#appeals)
      if (waitsUntilMs(appeal) <= nowMs) this.#appeals.delete(by)
  }

  /** Until when the first of them waits; `null`: there is none. */
  get untilMs(): EpochMs | null {
    const firstMs = Math.min(...Array.from(this.#appeals.values(), waitsUntilMs))
    return firstMs === Infinity ? null : (firstMs as EpochMs)
  }

  stored(): { readonly appeals?: StoredAppeals } {
    return this.#appeals.size > 0 ? { appeals: Object.fromEntries(this.#appeals) } : {}
  }
}

/** A midnight, over which no fold reaches. */
const waitsUntilMs = ({ toldDays }: Taken): number =>
  (Math.max(...toldDays) + 1) * dayMs + contactRetentionMs
