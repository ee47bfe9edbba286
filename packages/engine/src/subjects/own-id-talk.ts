import { ownIdSubject, type Subject } from '@deskpulse/core/state'
import type { Inquiry, Said, Telling } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { Outputs } from './outputs.ts'

/** `asked`: as the contact or the customer knows it. `heard`: by who said it. Absent: nothing. */
export type StoredTalk = {
  readonly asked?: Asked
  readonly heard?: Readonly<Record<string, Heard>>
}

/** `untilMs`: so long one that has no event yet waits for one with it; `null`: for good. */
export type Heard = { readonly said: Said; readonly untilMs: EpochMs | null }

/** `sinceMs`: log time of the entry by which it asks that of a contact, or since which it asks that customer. */
type Pondered = { readonly inquiry: Inquiry; readonly sinceMs: EpochMs }

/** `untilMs`: it listens to a contact until then. Customers listen to nobody’s lifetime but their own. */
type Asked = Pondered & { readonly untilMs: EpochMs | null }

const nothing: ReadonlyMap<Subject, Heard> = new Map()

/** What a subject with an id of its own asks its contact or customer, hears of others, and tells others. */
export class OwnIdTalk {
  readonly #tenant: Tenant
  readonly #subject: Subject
  /** What its events ask by now. */
  #pondered: Pondered | null
  #asked: Asked | null
  readonly #heard: Map<string, Heard>
  #told = nothing

  /** As it was committed. */
  constructor(tenant: Tenant, subject: Subject, { asked, heard = {} }: StoredTalk = {}) {
    this.#tenant = tenant
    this.#subject = subject
    this.#pondered = this.#asked = asked ?? null
    this.#heard = new Map(Object.entries(heard))
  }

  /** What it tells was told, as of the last commit. */
  restore(tells: readonly Telling[] = [], untilMs: EpochMs | null): void {
    this.#told = this.#bySubject(tells, untilMs)
  }

  /** In an order that does not depend on when it was said. */
  get heard(): readonly Said[] {
    return [...this.#heard].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { said }]) => said)
  }

  /** An entry has changed its events. What was answered to another question says nothing; a customer who is asked again answers again. */
  ponder(inquiry: Inquiry | null, nowMs: EpochMs): void {
    const before = this.#pondered
    if (isEqual(before?.inquiry ?? null, inquiry)) return
    const isOfCustomer = inquiry?.of === 'customer' && inquiry.id === before?.inquiry.id
    this.#pondered = inquiry && { inquiry, sinceMs: isOfCustomer ? before.sinceMs : nowMs }
    if (before !== null && !isOfCustomer) this.#heard.delete(before.inquiry.of)
  }

  /** `endMs`: its lifetime ends then. */
  ask(endMs: EpochMs | null, outputs: Outputs): void {
    const [before, pondered] = [this.#asked, this.#pondered]
    const untilMs = pondered?.inquiry.of === 'contact' ? endMs : null
    const now = pondered && { ...pondered, untilMs }
    if (isEqual(before, now)) return
    if (before !== null && before.inquiry.id !== now?.inquiry.id) this.#pose(before, true, outputs)
    if (now !== null) this.#pose(now, false, outputs)
    this.#asked = now
  }

  #pose({ inquiry, sinceMs, untilMs }: Asked, isWithdrawn: boolean, outputs: Outputs): void {
    if (inquiry.of === 'contact') {
      const ask = isWithdrawn ? null : { atMs: inquiry.atMs, sinceMs, untilMs }
      outputs.askContact(this.#tenant, inquiry.id, this.#subject, ask)
    } else {
      const ask = isWithdrawn ? null : { ...inquiry.purchase, sinceMs }
      outputs.askCustomer(this.#tenant, inquiry.id, this.#subject, ask)
    }
  }

  hear(said: ReadonlyMap<string, Heard | null>): void {
    for (const [by, one] of said) {
      if (one === null) this.#heard.delete(by)
      else this.#heard.set(by, one)
    }
  }

  /** It has no event that what it heard is about: whoever said it is past its lifetime. */
  forgetPast(nowMs: EpochMs): void {
    for (const [by, { untilMs }] of this.#heard)
      if (untilMs !== null && untilMs <= nowMs) this.#heard.delete(by)
  }

  /** Until when the first thing that it heard is kept without an event; `null`: there is nothing, or for good. */
  get keptUntilMs(): EpochMs | null {
    const all = Array.from(this.#heard.values(), ({ untilMs }) => untilMs ?? Infinity)
    const firstMs = Math.min(...all)
    return firstMs === Infinity ? null : (firstMs as EpochMs)
  }

  /** How much it heard. */
  get size(): number {
    return this.#heard.size
  }

  /** What differs from what was told before. */
  tell(tells: readonly Telling[] = [], untilMs: EpochMs | null, outputs: Outputs): void {
    if (tells.length === 0 && this.#told.size === 0) return
    const [before, now] = [this.#told, this.#bySubject(tells, untilMs)]
    for (const to of before.keys()) if (!now.has(to)) this.#say(to, null, outputs)
    for (const [to, told] of now) if (!isEqual(before.get(to), told)) this.#say(to, told, outputs)
    this.#told = now
  }

  #say(to: Subject, told: Heard | null, outputs: Outputs): void {
    outputs.tellOwnId(this.#tenant, to, this.#subject, told)
  }

  stored(): StoredTalk {
    return {
      ...(this.#asked !== null && { asked: this.#asked }),
      ...(this.#heard.size > 0 && { heard: Object.fromEntries(this.#heard) }),
    }
  }

  #bySubject(tells: readonly Telling[], untilMs: EpochMs | null): ReadonlyMap<Subject, Heard> {
    if (tells.length === 0) return nothing
    const tenant = this.#tenant.name
    return new Map(
      tells.map(({ to, id, said }) => [ownIdSubject(tenant, to, id), { said, untilMs }]),
    )
  }
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
