import { dimensionSet, equalDimensions, type DimensionValues } from '@deskpulse/core/measures'
import type { Subject } from '@deskpulse/core/state'
import type { Contact } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { Outputs } from './outputs.ts'

/** A subject asks a contact whose work it was until an instant. */
export type Ask = {
  readonly atMs: EpochMs
  /** Log time of the entry by which it asks that. */
  readonly sinceMs: EpochMs
  /** It listens until then, in log time; `null`: for good. No fold reaches over it, as it is a midnight. */
  readonly untilMs: EpochMs | null
}

/** Absent `said`: nobody. */
type Answered = Ask & { readonly said?: DimensionValues }

export type StoredAsks = Readonly<Record<Subject, Answered>>

/**
 * Subjects that ask a contact, and what it told each. It answers when it is folded, and again when the answer is another: until its lifetime is over, or that of who asks. Being asked neither makes a
 * contact known nor keeps it.
 */
export class ContactAsks {
  readonly #asks: Map<Subject, Answered>

  constructor(stored: StoredAsks = {}) {
    this.#asks = new Map(Object.entries(stored))
  }

  get size(): number {
    return this.#asks.size
  }

  /** Until when the first of them listens; `null`: there is none, or for good. */
  get untilMs(): EpochMs | null {
    const firstMs = Math.min(
      ...Array.from(this.#asks.values(), ({ untilMs }) => untilMs ?? Infinity),
    )
    return firstMs === Infinity ? null : (firstMs as EpochMs)
  }

  /** `null`: it asks no longer. */
  take(by: Subject, ask: Ask | null): void {
    const known = this.#asks.get(by)
    if (ask === null) this.#asks.delete(by)
    else if (known?.sinceMs === ask.sinceMs && known.atMs === ask.atMs)
      this.#asks.set(by, { ...known, ...ask }) // It listens for longer.
    else this.#asks.set(by, ask)
  }

  /** As the contact was folded up to log time. */
  answer(contact: Contact, tenant: Tenant, outputs: Outputs): void {
    for (const [by, ask] of this.#asks) {
      const credit = contact.judgedAt(ask.atMs, ask.sinceMs)
      if (credit === undefined) continue // What was said stands.
      const { said, ...rest } = ask
      const isSame =
        credit === null || said === undefined
          ? credit === (said ?? null)
          : equalDimensions(said, credit)
      if (isSame) continue
      this.#asks.set(by, credit === null ? rest : { ...rest, said: dimensionSet(credit, credit) })
      const heard = credit && { said: { kind: 'judged', credit } as const, untilMs: null }
      outputs.tellOwnId(tenant, by, 'contact', heard)
    }
    if (contact.isExpired) this.#asks.clear()
  }

  /** Those whose lifetime is over. */
  forgetPast(nowMs: EpochMs): void {
    for (const [by, { untilMs }] of this.#asks)
      if (untilMs !== null && untilMs <= nowMs) this.#asks.delete(by)
  }

  stored(): { readonly asks?: StoredAsks } {
    return this.#asks.size > 0 ? { asks: Object.fromEntries(this.#asks) } : {}
  }
}
