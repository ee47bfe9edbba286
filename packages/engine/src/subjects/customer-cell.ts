import { stateKey, type Subject } from '@deskpulse/core/state'
import {
  contactRetentionMs,
  CustomerPeriods,
  customerPeriodRows,
  dueOccasions,
  equalServed,
  type HeldPurchase,
  isDueContinued,
  type Occasion,
  occasionsOf,
  type OutputChange,
  paidOccasion,
  type Purchase,
  type Received,
  reorderHorizonMs,
  Retention,
  type Row,
  Sales,
  type Session,
  SessionList,
} from '@deskpulse/core/subjects'
import { dayMs, endsInZone, type EpochMs, periodAt, zonedAt } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Tenant } from '../partition/tenant.ts'
import { logDayOf } from './agent-day-lifetime.ts'

/**
 * `past`: what contacts told that were let go; it counts in periods that may go on. `changedDay`: UTC day of log time of the last change. `settledMs`: of purchases what
 * counts by then is counted.
 */
type StoredCustomer = {
  readonly sessions: readonly Session[]
  readonly final: readonly string[]
  readonly past: readonly Occasion[]
  /** By the order that told it; absent: none. */
  readonly purchases?: Readonly<Record<Subject, HeldPurchase>>
  readonly changedDay: number
  readonly settledMs?: EpochMs
}

const noEvents: readonly Received[] = []
const noOccasions: readonly Occasion[] = []
const nothingStored: StoredCustomer = { sessions: [], final: [], past: [], changedDay: 0 }

/** About what the objects of a customer take, of a session, more of one that was solved, with its rows, of an answer, of a reply that came due, and of an order. */
const [customerBytes, sessionBytes, solvedBytes, servedBytes, dueBytes, orderBytes] = [
  1_330, 270, 460, 350, 150, 400,
]

/** Whoever counts more often has the rows of its periods held, and what is past looked at again. */
const occasionsUsual = 100

/** How a settle changes what the customer counts for. */
type Occasions = { readonly added: readonly Occasion[]; readonly isMoved: boolean }

/** What orders say to their customer, by who said it; `null`: it is no order of the customer. */
export type ToldPurchases = ReadonlyMap<Subject, Purchase | null>

const noPurchases: ToldPurchases = new Map()

/** What a contact says to its customer. */
export type ToCustomer = { readonly session: Session; readonly how: OutputChange['how'] }

/** A customer as the worker holds it: the sessions that its contacts told of. Its rows follow from them alone, so they are not stored. */
export class CustomerCell {
  readonly #subject: Subject
  readonly tenant: Tenant
  readonly #sessions: SessionList
  /** Contacts past their lifetime. */
  readonly #final: Set<string>
  readonly #purchases: Map<Subject, HeldPurchase>
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

  /** `told`: by contacts, in the order in which it was said. Nothing at all: its wake is due. */
  settle(
    told: readonly ToCustomer[],
    logTimeMs: EpochMs,
    changes: ChangeSet,
    deltas: MeasureDeltas,
    purchases = noPurchases,
  ): void {
    const before = this.#periods === null ? this.#occasions() : noOccasions
    this.#settledMs = logTimeMs
    const occasions = this.#take(told, purchases)
    const isAnotherDay = this.#changedDay !== logDayOf(logTimeMs)
    if (told.length + purchases.size > 0) this.#changedDay = logDayOf(logTimeMs)
    deltas.add(this.tenant, this.#sessions.rows.takeChanges(), this.#told)
    this.#countPeriods(before, occasions, deltas)
    this.#forgetSettled(told)
    const isOften = this.#past.length + this.#purchases.size > occasionsUsual
    if (this.#endMs <= logTimeMs || (isAnotherDay && isOften)) this.#forget(logTimeMs)
    this.#write(changes)
  }

  /** @returns what came; `isMoved`: something was taken back, or is another. */
  #take(told: readonly ToCustomer[], purchases: ToldPurchases): Occasions {
    const added: Occasion[] = []
    let isMoved = this.#purchases.size + purchases.size > 0 // Any of them may belong to another session.
    for (const [by, purchase] of purchases) {
      const { isPast } = this.#purchases.get(by) ?? {}
      if (purchase === null) this.#purchases.delete(by)
      else this.#purchases.set(by, { ...purchase, ...(isPast && { isPast }) })
    }
    for (const { session, how } of told) {
      const { contactId } = session
      const known = this.#sessions.get(contactId)
      if (how === 'said') this.#sessions.put(session)
      else if (how === 'withdrawn') this.#sessions.remove(contactId)
      else if (known !== undefined) this.#final.add(contactId)
      const now = this.#sessions.get(contactId)
      const more = occasionsAdded(known ?? nothingTold, now ?? nothingTold)
      if (more === null) isMoved = true
      else added.push(...more)
      if ((known?.served ?? null) === null && now !== undefined)
        added.push(...new Sales([now], []).occasions())
    }
    return { added, isMoved }
  }

  #occasions(): Occasion[] {
    return [
      ...this.#past,
      ...[...this.#sessions.values()].flatMap(occasionsOf),
      ...this.#sales().occasions(),
      ...this.#retention().occasions(this.#settledMs),
    ]
  }

  #sales(): Sales {
    return new Sales(this.#sessions.values(), this.#purchases.values())
  }

  #retention(): Retention {
    const payments = [...this.#purchases.values()].flatMap(paidOccasion)
    return new Retention(payments, this.tenant.localTime)
  }

  #countPeriods(
    before: readonly Occasion[],
    { added, isMoved }: Occasions,
    deltas: MeasureDeltas,
  ): void {
    if (added.length === 0 && !isMoved) return
    const periods = this.#periods ?? new CustomerPeriods(before, () => this.tenant.localTime)
    if (isMoved) periods.replace(this.#occasions())
    else for (const occasion of added) periods.add(occasion)
    deltas.add(this.tenant, periods.rows.takeChanges(), this.#told)
    const isOften = this.#periods !== null || before.length + added.length > occasionsUsual
    this.#periods = isOften ? periods : null
  }

  /** Their rows stay counted, and what was sold in them is sold in no other. */
  #forgetSettled(told: readonly ToCustomer[]): void {
    if (this.#final.size === 0) return
    const sales = this.#sales()
    const ended = new Set(told.map(({ session }) => session.contactId))
    for (const session of this.#sessions.forgetSettled(this.#final, ended)) {
      this.#final.delete(session.contactId)
      this.#past.push(...occasionsOf(session), ...sales.occasionsOf(session))
      const sold = sales.soldIn(session)
      for (const [by, purchase] of this.#purchases)
        if (sold.includes(purchase)) this.#purchases.set(by, { ...purchase, isPast: true })
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

  #write(changes: ChangeSet): void {
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
    const nextMs = this.#retention().nextMs(this.#settledMs) ?? Infinity
    const aheadMs = isBlank ? Infinity : Math.min(nextMs, this.#endMs)
    const wakeMs = aheadMs === Infinity ? null : (aheadMs as EpochMs)
    if (wakeMs !== (this.#wakeMs ?? null) || this.#wakeMs === undefined)
      changes.wake(this.#subject, wakeMs)
    this.#wakeMs = wakeMs
  }
}

const nothingTold: Told = { served: null, due: null }

type Told = Pick<Session, 'served' | 'due' | 'spells'>

/** When it was paid, else ordered. */
const instantOf = ({ paid, orderedMs }: Purchase): EpochMs => paid?.atMs ?? orderedMs

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
