import { stateKey, type Subject } from '@deskpulse/core/state'
import {
  contactRetentionMs,
  CustomerPeriods,
  customerPeriodRows,
  dueOccasions,
  equalServed,
  type HeldPurchase,
  isDueContinued,
  letGo,
  noSellers,
  type Occasion,
  occasionsOf,
  type OutputChange,
  paidOccasion,
  type Purchase,
  type Received,
  reorderHorizonMs,
  Retention,
  type Row,
  type Said,
  Sales,
  type Sellers,
  type Session,
  SessionList,
} from '@deskpulse/core/subjects'
import { dayMs, endsInZone, type EpochMs, periodAt, zonedAt } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import type { Fold } from '../partition/subject-kind.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Tenant } from '../partition/tenant.ts'
import { logDayOf } from './agent-day-lifetime.ts'
import type { Outputs } from './outputs.ts'

/**
 * `past`: what contacts told that were let go; it counts in periods that may go on. `changedDay`: UTC day of log time of the last change. `settledMs`: of purchases what
 * counts by then is counted.
 */
type StoredCustomer = {
  readonly sessions: readonly Session[]
  readonly final: readonly string[]
  readonly past: readonly Occasion[]
  /** By the order that asked; absent: none. */
  readonly purchases?: Readonly<Record<Subject, HeldPurchase>>
  readonly changedDay: number
  readonly settledMs?: EpochMs
}

const noEvents: readonly Received[] = []
const noOccasions: readonly Occasion[] = []
const noPurchases: ReadonlyMap<Subject, HeldPurchase> = new Map()
const nothingStored: StoredCustomer = { sessions: [], final: [], past: [], changedDay: 0 }

/** About what the objects of a customer take, of a session, more of one that was solved, with its rows, of an answer, of a reply that came due, and of an order. */
const [customerBytes, sessionBytes, solvedBytes, servedBytes, dueBytes, orderBytes] = [
  1_330, 270, 460, 350, 150, 300,
]

/** Whoever counts more often has the rows of its periods held, and what is past looked at again. */
const occasionsUsual = 100

/** How a settle changes what the customer counts for. `before`: what it counted for, where that changes and no rows of it are held. */
type Occasions = {
  readonly before: readonly Occasion[]
  readonly added: readonly Occasion[]
  readonly isMoved: boolean
}

/** Of which order a customer is asked. `sinceMs`: log time since which it is an order of the customer. */
export type AskedPurchase = Purchase & { readonly sinceMs: EpochMs }

/** By the order that asks; `null`: it is no order of the customer. */
type AskedPurchases = ReadonlyMap<Subject, AskedPurchase | null>

const nobodyAsked: AskedPurchases = new Map()

/** What a contact says to its customer. */
export type ToCustomer = { readonly session: Session; readonly how: OutputChange['how'] }

/** A customer as the worker holds it: the sessions that its contacts told of. Its rows follow from them alone, so they are not stored. */
export class CustomerCell {
  readonly #subject: Subject
  readonly tenant: Tenant
  readonly #sessions: SessionList
  /** Contacts past their lifetime. */
  readonly #final: Set<string>
  #purchases: Map<Subject, HeldPurchase>
  #past: Occasion[]
  #changedDay: number
  #settledMs: EpochMs
  /** `null`: there are few, or nobody asked yet. */
  #periods: CustomerPeriods | null = null
  readonly #told: ToldDays
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, subject: Subject, stored: Uint8Array | null) {
    this.tenant = tenant
    this.#subject = subject
    this.#told = new ToldDays(tenant, subject)
    const {
      sessions,
      final,
      past,
      purchases = {},
      changedDay,
      settledMs = 0 as EpochMs,
    } = stored === null ? nothingStored : decodeJson<StoredCustomer>(stored)
    this.#sessions = new SessionList(sessions)
    this.#final = new Set(final)
    this.#past = [...past]
    this.#purchases = new Map(Object.entries(purchases))
    this.#changedDay = changedDay
    this.#settledMs = settledMs
  }

  get hasAllEvents(): boolean {
    return true
  }

  /** No event stands on a timeline of a customer's: its contacts have them. */
  get received(): readonly Received[] {
    return noEvents
  }

  /** The rows that count, as they were committed. */
  get told(): Iterable<Row> {
    return [
      ...this.#sessions.rows.told,
      ...customerPeriodRows(this.#occasions(), this.tenant.localTime),
    ]
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    let bytes = customerBytes + this.#past.length * servedBytes + this.#purchases.size * orderBytes
    for (const { resolution, served, due } of this.#sessions.values()) {
      bytes += resolution === null ? sessionBytes : sessionBytes + solvedBytes
      if (served !== null) bytes += servedBytes
      if (due !== null) bytes += due.replies.length * dueBytes
    }
    return bytes
  }

  woken(): void {
    this.#wakeMs = undefined
  }

  /** `told`: by contacts, in the order in which it was said. `asked`: by orders. Nothing at all: its wake is due. */
  settle(
    {
      logTimeMs,
      changes,
      deltas,
      outputs,
    }: Pick<Fold, 'logTimeMs' | 'changes' | 'deltas' | 'outputs'>,
    told: readonly ToCustomer[] = [],
    asked = nobodyAsked,
  ): void {
    const isAnotherDay = this.#changedDay !== logDayOf(logTimeMs)
    if (isAnotherDay) this.#letGoSettled()
    const known = this.#notForgotten(asked, logTimeMs)
    const occasions = this.#take(told, known)
    this.#settledMs = logTimeMs
    this.#answer(known, outputs)
    if (told.length + asked.size > 0) this.#changedDay = logDayOf(logTimeMs)
    deltas.add(this.tenant, this.#sessions.rows.takeChanges(), this.#told)
    this.#countPeriods(occasions, deltas)
    const isOften = this.#past.length + this.#purchases.size > occasionsUsual
    if (this.#endMs <= logTimeMs || (isAnotherDay && isOften)) this.#forget(logTimeMs)
    this.#write(logTimeMs, changes)
  }

  /** An order that has asked for so long, and is not held, was forgotten: what it counted stays, and counts once. */
  #notForgotten(asked: AskedPurchases, logTimeMs: EpochMs): AskedPurchases {
    const isForgotten = (by: Subject, purchase: AskedPurchase | null): boolean =>
      purchase !== null &&
      !this.#purchases.has(by) &&
      purchase.sinceMs + contactRetentionMs + reorderHorizonMs <= logTimeMs
    const kept = [...asked].filter(([by, purchase]) => !isForgotten(by, purchase))
    return kept.length === asked.size ? asked : new Map(kept)
  }

  /** @returns what came; `isMoved`: something was taken back, or is another. */
  #take(told: readonly ToCustomer[], asked: AskedPurchases): Occasions {
    const added: Occasion[] = []
    let isMoved = this.#purchases.size + asked.size > 0 // Any of them may belong to another session.
    let before = isMoved ? this.#counted() : null
    for (const [by, purchase] of asked) {
      const known = this.#purchases.get(by)
      const sellers = known?.sinceMs === purchase?.sinceMs ? known?.sellers : undefined
      if (purchase === null) this.#purchases.delete(by)
      else this.#purchases.set(by, { ...purchase, sellers: sellers ?? noSellers })
    }
    for (const { session, how } of told) {
      const { contactId } = session
      const known = this.#sessions.get(contactId)
      const now = { said: session, withdrawn: undefined, final: known }[how]
      const more = occasionsAdded(known ?? nothingTold, now ?? nothingTold)
      const isAnswered =
        now !== undefined && now.served !== null && (known?.served ?? null) === null
      if (more?.length !== 0) before ??= this.#counted()
      if (how === 'said') this.#sessions.put(session)
      else if (how === 'withdrawn') this.#sessions.remove(contactId)
      else if (known !== undefined) this.#final.add(contactId)
      if (more === null) isMoved = true
      else added.push(...more)
      if (isAnswered) added.push(...new Sales([now], noPurchases).occasions())
    }
    return { before: before ?? noOccasions, added, isMoved }
  }

  /** What it counts for by now, unless rows of that are held. */
  #counted(): readonly Occasion[] {
    return this.#periods === null ? this.#occasions() : noOccasions
  }

  /** Who sold its orders: to those that ask, and to those for which it is another one now. */
  #answer(asked: AskedPurchases, outputs: Outputs): void {
    if (this.#purchases.size === 0) return
    const { purchases } = this.#sales()
    for (const [by, { sellers }] of purchases) {
      const [before, now] = [saidOf(this.#purchases.get(by)!.sellers), saidOf(sellers)]
      const isSame =
        before.placed === now.placed &&
        before.paid === now.paid &&
        before.isInSession === now.isInSession
      if (isSame && !asked.has(by)) continue
      outputs.tellOwnId(this.tenant, by, 'customer', { said: now, untilMs: null })
    }
    this.#purchases = purchases
  }

  #occasions(): Occasion[] {
    const sales = this.#sales()
    return [
      ...this.#past,
      ...[...this.#sessions.values()].flatMap(occasionsOf),
      ...sales.occasions(),
      ...this.#retention(sales).occasions(this.#settledMs),
    ]
  }

  #sales(): Sales {
    return new Sales(this.#sessions.values(), this.#purchases)
  }

  #retention({ purchases }: Pick<Sales, 'purchases'> = this.#sales()): Retention {
    const payments = [...purchases.values()].flatMap(paidOccasion)
    return new Retention(payments, this.tenant.localTime)
  }

  #countPeriods({ before, added, isMoved }: Occasions, deltas: MeasureDeltas): void {
    if (added.length === 0 && !isMoved) return
    const periods = this.#periods ?? new CustomerPeriods(before, () => this.tenant.localTime)
    if (isMoved) periods.replace(this.#occasions())
    else for (const occasion of added) periods.add(occasion)
    deltas.add(this.tenant, periods.rows.takeChanges(), this.#told)
    const isOften = this.#periods !== null || before.length + added.length > occasionsUsual
    this.#periods = isOften ? periods : null
  }

  /**
   * Sessions whose contacts were past their lifetime when the day of the last change was over: their rows stay counted, and what was sold in them is sold in no other. No fold reaches over a
   * midnight, so that what belongs to them does not depend on how the log was cut.
   */
  #letGoSettled(): void {
    if (this.#final.size === 0) return
    const sales = this.#sales()
    for (const session of this.#sessions.forgetSettled(this.#final)) {
      this.#final.delete(session.contactId)
      this.#past.push(...occasionsOf(session), ...sales.occasionsOf(session))
      for (const [by, purchase] of this.#purchases)
        this.#purchases.set(by, letGo(purchase, session.contactId))
    }
  }

  /** What counted in years that are over stays counted. A customer who comes again and again is never forgotten as a whole. */
  #forget(logTimeMs: EpochMs): void {
    const isOver = (endMs: EpochMs): boolean =>
      endMs + contactRetentionMs + reorderHorizonMs <= logTimeMs
    const past = this.#past.filter(({ atMs }) => !isOver(this.#yearEndMs(atMs)))
    const orders = [...this.#purchases].filter(([, one]) => isOver(this.#nextYearEndMs(one)))
    if (past.length === this.#past.length && orders.length === 0) return
    this.#past = past
    for (const [by] of orders) this.#purchases.delete(by)
    this.#periods = null // It has rows of those that went.
  }

  #yearEndMs(atMs: EpochMs): EpochMs {
    return periodAt('year', atMs, this.tenant.localTime).endMs
  }

  /** Who paid in a year may be retained until the next one ends, whatever cuts the two. */
  #nextYearEndMs(purchase: Purchase): EpochMs {
    const atMs = instantOf(purchase)
    const { timeZone } = zonedAt(this.tenant.localTime, atMs)
    return endsInZone(endsInZone(atMs, timeZone).year, timeZone).year
  }

  /** From then on, in log time, every period is over in which contacts that were let go count, or, without any, purchases: nothing is told of these any more. `Infinity`: a contact lives. */
  get #endMs(): number {
    if (this.#sessions.size > 0) return Infinity
    const past = this.#past.map(({ atMs }) => atMs)
    const overMs =
      past.length > 0
        ? this.#yearEndMs(Math.max(...past) as EpochMs)
        : Math.max(0, ...Array.from(this.#purchases.values(), (one) => this.#nextYearEndMs(one)))
    return Math.max(overMs, (this.#changedDay + 1) * dayMs) + contactRetentionMs + reorderHorizonMs
  }

  #write(logTimeMs: EpochMs, changes: ChangeSet): void {
    const isBlank = this.#sessions.size + this.#past.length + this.#purchases.size === 0
    const stored: StoredCustomer = {
      sessions: [...this.#sessions.values()],
      final: [...this.#final],
      past: this.#past,
      ...(this.#purchases.size > 0 && {
        purchases: Object.fromEntries(this.#purchases),
        settledMs: this.#settledMs,
      }),
      changedDay: this.#changedDay,
    }
    changes.put(stateKey(this.#subject), isBlank ? null : encodeJson(stored))
    const wakeMs = isBlank ? null : this.#nextMs(logTimeMs)
    if (wakeMs !== (this.#wakeMs ?? null) || this.#wakeMs === undefined)
      changes.wake(this.#subject, wakeMs)
    this.#wakeMs = wakeMs
  }

  /** When something changes by time alone: on another day than that of the last change sessions are let go, some time after midnight, so that not all of them are at once. */
  #nextMs(logTimeMs: EpochMs): EpochMs | null {
    const isLeaving = this.#final.size > 0 && this.#changedDay === logDayOf(logTimeMs)
    const nextMs = Math.min(
      isLeaving ? (this.#changedDay + 1) * dayMs + timeOfDayOf(this.#subject) : Infinity,
      (this.#purchases.size === 0 ? null : this.#retention().nextMs(this.#settledMs)) ?? Infinity,
      this.#endMs,
    )
    return nextMs === Infinity ? null : (nextMs as EpochMs)
  }
}

/** One of its own, whatever it is told when, and however the log is cut. */
function timeOfDayOf(subject: Subject): number {
  let hash = 0
  for (let at = 0; at < subject.length; at += 1)
    hash = (Math.imul(hash, 31) + subject.charCodeAt(at)) >>> 0
  return hash % dayMs
}

const nothingTold: Told = { served: null, due: null }

type Told = Pick<Session, 'served' | 'due' | 'spells'>

/** When it was paid, else ordered. */
const instantOf = ({ paidMs, placedMs }: Purchase): EpochMs => (paidMs ?? placedMs)!

const saidOf = ({ placed, paid }: Sellers): Extract<Said, { readonly kind: 'sold' }> => ({
  ...{ kind: 'sold', placed: placed?.agent ?? null, paid: paid?.agent ?? null },
  isInSession: paid !== null,
})

const lastWriter = ({ spells }: Told): string | null => spells?.at(-1)?.agent ?? null

/** What a contact tells beside what it told before, of a customer without orders; `null`: something of that is no more. */
function occasionsAdded(before: Told, now: Told): readonly Occasion[] | null {
  const isSameAnswer =
    equalServed(before.served, now.served) && lastWriter(before) === lastWriter(now)
  if (!isDueContinued(before.due, now.due) || (!isSameAnswer && before.served !== null)) return null
  return [
    ...(isSameAnswer ? [] : occasionsOf({ served: now.served, due: null })),
    ...dueOccasions(now.due, before.due?.replies.length ?? 0),
  ]
}
