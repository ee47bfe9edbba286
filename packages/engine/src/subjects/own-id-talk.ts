import { customerSubject, ownIdSubject, type Subject } from '@deskpulse/core/state'
import type { Inquiry, Purchase, Said, Telling } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { Ask } from './contact-asks.ts'
import type { Outputs } from './outputs.ts'

/** `asked`: as the contact knows it. `heard`: by who said it. Absent: nothing. */
export type StoredTalk = {
  readonly asked?: Asked
  readonly heard?: Readonly<Record<string, Heard>>
}

/** `untilMs`: so long one that has no event yet waits for one with it; `null`: for good. */
export type Heard = { readonly said: Said; readonly untilMs: EpochMs | null }

type Asked = Ask & { readonly contactId: string }

type Told = Heard | { readonly said: Purchase; readonly untilMs: null }

const nothing: ReadonlyMap<Subject, Told> = new Map()

/** What a subject with an id of its own asks its contact, hears of others, and tells others. */
export class OwnIdTalk {
  readonly #tenant: Tenant
  readonly #subject: Subject
  /** What its events ask by now, and since which entry they do. */
  #inquiry: (Inquiry & { readonly sinceMs: EpochMs }) | null
  #asked: Asked | null
  readonly #heard: Map<string, Heard>
  #told = nothing

  /** As it was committed. */
  constructor(tenant: Tenant, subject: Subject, { asked, heard = {} }: StoredTalk = {}) {
    this.#tenant = tenant
    this.#subject = subject
    this.#inquiry = this.#asked = asked ?? null
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

  /** An entry has changed its events. What was answered to another question says nothing. */
  ponder(inquiry: Inquiry | null, nowMs: EpochMs): void {
    const before = this.#inquiry
    if (before?.contactId === inquiry?.contactId && before?.atMs === inquiry?.atMs) return
    this.#inquiry = inquiry && { ...inquiry, sinceMs: nowMs }
    this.#heard.delete('contact')
  }

  /** `untilMs`: it listens until then. */
  ask(untilMs: EpochMs | null, outputs: Outputs): void {
    const [before, inquiry] = [this.#asked, this.#inquiry]
    const isSame = before?.sinceMs === inquiry?.sinceMs && before?.contactId === inquiry?.contactId
    if (isSame && (before === null || before.untilMs === untilMs)) return
    if (before !== null && before.contactId !== inquiry?.contactId)
      outputs.ask(this.#tenant, before.contactId, this.#subject, null)
    this.#asked = inquiry && { ...inquiry, untilMs }
    if (this.#asked === null) return
    const { contactId, ...ask } = this.#asked
    outputs.ask(this.#tenant, contactId, this.#subject, ask)
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

  get hasHeard(): boolean {
    return this.#heard.size > 0
  }

  /** What differs from what was told before. */
  tell(tells: readonly Telling[] = [], untilMs: EpochMs | null, outputs: Outputs): void {
    if (tells.length === 0 && this.#told.size === 0) return
    const [before, now] = [this.#told, this.#bySubject(tells, untilMs)]
    for (const [to, told] of before) if (!now.has(to)) this.#say(to, told, true, outputs)
    for (const [to, told] of now)
      if (JSON.stringify(before.get(to)) !== JSON.stringify(told))
        this.#say(to, told, false, outputs)
    this.#told = now
  }

  #say(to: Subject, told: Told, isWithdrawn: boolean, outputs: Outputs): void {
    if (told.said.kind === 'purchase')
      outputs.tellCustomer(this.#tenant, to, this.#subject, isWithdrawn ? null : told.said)
    else
      outputs.tellOwnId(
        this.#tenant,
        to,
        this.#subject,
        isWithdrawn ? null : { said: told.said, untilMs: told.untilMs },
      )
  }

  stored(): StoredTalk {
    return {
      ...(this.#asked !== null && { asked: this.#asked }),
      ...(this.#heard.size > 0 && { heard: Object.fromEntries(this.#heard) }),
    }
  }

  #bySubject(tells: readonly Telling[], untilMs: EpochMs | null): ReadonlyMap<Subject, Told> {
    if (tells.length === 0) return nothing
    const tenant = this.#tenant.name
    return new Map(
      tells.map(({ to, id, said }): [Subject, Told] =>
        said.kind === 'purchase'
          ? [customerSubject(tenant, id), { said, untilMs: null }]
          : [ownIdSubject(tenant, to, id), { said, untilMs }],
      ),
    )
  }
}
