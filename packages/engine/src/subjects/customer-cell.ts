import { stateKey, type Subject } from '@deskpulse/core/state'
import {
  contactRetentionMs,
  customerPeriodRows,
  equalServed,
  type OutputChange,
  type Received,
  reorderHorizonMs,
  type Row,
  ServedPeriods,
  type Served,
  type Session,
  SessionList,
} from '@deskpulse/core/subjects'
import { dayMs, type EpochMs, periodAt } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Tenant } from '../partition/tenant.ts'
import { logDayOf } from './agent-day-lifetime.ts'

/** `past`: answers of contacts that were let go; they count in periods that may go on. `changedDay`: UTC day of log time of the last change. */
type StoredCustomer = {
  readonly sessions: readonly Session[]
  readonly final: readonly string[]
  readonly past: readonly Served[]
  readonly changedDay: number
}

const noEvents: readonly Received[] = []
const noAnswers: readonly Served[] = []
const nothingStored: StoredCustomer = { sessions: [], final: [], past: [], changedDay: 0 }

/** About what the objects of a customer take, of a session, more of one that was solved, with its rows, and of an answer. */
const [customerBytes, sessionBytes, solvedBytes, servedBytes] = [1_130, 270, 320, 150]

/** Whoever was answered more often has the rows of its periods held, and its past answers looked at again. */
const answersUsual = 100

/** How a settle changes when the customer was answered. */
type Answers = { readonly added: readonly Served[]; readonly isMoved: boolean }

/** What a contact says to its customer. */
export type ToCustomer = { readonly session: Session; readonly how: OutputChange['how'] }

/** A customer as the worker holds it: the sessions that its contacts told of. Its rows follow from them alone, so they are not stored. */
export class CustomerCell {
  readonly #subject: Subject
  readonly tenant: Tenant
  readonly #sessions: SessionList
  /** Contacts past their lifetime. */
  readonly #final: Set<string>
  #past: Served[]
  #changedDay: number
  /** `null`: few were answered, or nobody asked yet. */
  #periods: ServedPeriods | null = null
  readonly #told: ToldDays
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, subject: Subject, stored: Uint8Array | null) {
    this.tenant = tenant
    this.#subject = subject
    this.#told = new ToldDays(tenant, subject)
    const { sessions, final, past, changedDay } =
      stored === null ? nothingStored : decodeJson<StoredCustomer>(stored)
    this.#sessions = new SessionList(sessions)
    this.#final = new Set(final)
    this.#past = [...past]
    this.#changedDay = changedDay
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
      ...customerPeriodRows(this.#served(), this.tenant.localTime),
    ]
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    let bytes = customerBytes + this.#past.length * servedBytes
    for (const { resolution, served } of this.#sessions.values()) {
      bytes += resolution === null ? sessionBytes : sessionBytes + solvedBytes
      if (served !== null) bytes += servedBytes
    }
    return bytes
  }

  woken(): void {
    this.#wakeMs = undefined
  }

  /** `told`: in the order in which it was said; none: its wake is due. */
  settle(
    told: readonly ToCustomer[],
    logTimeMs: EpochMs,
    changes: ChangeSet,
    deltas: MeasureDeltas,
  ): void {
    const before = this.#periods === null ? this.#served() : noAnswers
    const answers = this.#take(told)
    const isAnotherDay = this.#changedDay !== logDayOf(logTimeMs)
    if (told.length > 0) this.#changedDay = logDayOf(logTimeMs)
    for (const change of this.#sessions.rows.takeChanges())
      deltas.add(this.tenant, change, this.#told)
    this.#countServed(before, answers, deltas)
    this.#forgetSettled(told)
    if (this.#endMs <= logTimeMs)
      this.#keepPast([]) // What they counted stays.
    else if (isAnotherDay && this.#past.length > answersUsual) this.#forgetPast(logTimeMs)
    this.#write(changes)
  }

  /** @returns the answers that came; `isMoved`: one was taken back, or is another. */
  #take(told: readonly ToCustomer[]): Answers {
    const added: Served[] = []
    let isMoved = false
    for (const { session, how } of told) {
      const { contactId } = session
      const known = this.#sessions.get(contactId)
      if (how === 'said') this.#sessions.put(session)
      else if (how === 'withdrawn') this.#sessions.remove(contactId)
      else if (known !== undefined) this.#final.add(contactId)
      const before = known?.served ?? null
      const now = this.#sessions.get(contactId)?.served ?? null
      if (equalServed(before, now)) continue
      if (before === null) added.push(now!)
      else isMoved = true
    }
    return { added, isMoved }
  }

  #served(): Served[] {
    const living = [...this.#sessions.values()].flatMap(({ served }) => served ?? [])
    return [...this.#past, ...living]
  }

  #countServed(
    before: readonly Served[],
    { added, isMoved }: Answers,
    deltas: MeasureDeltas,
  ): void {
    if (added.length === 0 && !isMoved) return
    const periods = this.#periods ?? new ServedPeriods(before, () => this.tenant.localTime)
    if (isMoved) periods.replace(this.#served())
    else for (const served of added) periods.add(served)
    for (const change of periods.rows.takeChanges()) deltas.add(this.tenant, change, this.#told)
    const isOften = this.#sessions.size + this.#past.length > answersUsual
    this.#periods = isOften ? periods : null
  }

  /** Their rows stay counted. */
  #forgetSettled(told: readonly ToCustomer[]): void {
    const ended = new Set(told.map(({ session }) => session.contactId))
    for (const { contactId, served } of this.#sessions.forgetSettled(this.#final, ended)) {
      this.#final.delete(contactId)
      if (served !== null) this.#past.push(served)
    }
  }

  /** A customer who comes again and again is never forgotten as a whole: answers of years that are over are. */
  #forgetPast(logTimeMs: EpochMs): void {
    this.#keepPast(
      this.#past.filter(
        ({ atMs }) => this.#yearEndMs(atMs) + contactRetentionMs + reorderHorizonMs > logTimeMs,
      ),
    )
  }

  #keepPast(past: Served[]): void {
    if (past.length === this.#past.length) return
    this.#past = past
    this.#periods = null // It has rows of those that went.
  }

  #yearEndMs(atMs: EpochMs): EpochMs {
    return periodAt('year', atMs, this.tenant.localTime).endMs
  }

  /** From then on, in log time, nothing is told any more of the periods in which it was answered: every one of them is over. `Infinity`: a contact lives. */
  get #endMs(): number {
    if (this.#sessions.size > 0) return Infinity
    const lastMs = Math.max(...this.#past.map(({ atMs }) => atMs)) as EpochMs
    const overMs = this.#past.length === 0 ? 0 : this.#yearEndMs(lastMs)
    return Math.max(overMs, (this.#changedDay + 1) * dayMs) + contactRetentionMs + reorderHorizonMs
  }

  #write(changes: ChangeSet): void {
    const isBlank = this.#sessions.size + this.#past.length === 0
    const stored: StoredCustomer = {
      sessions: [...this.#sessions.values()],
      final: [...this.#final],
      past: this.#past,
      changedDay: this.#changedDay,
    }
    changes.put(stateKey(this.#subject), isBlank ? null : encodeJson(stored))
    const endMs = isBlank || this.#endMs === Infinity ? null : (this.#endMs as EpochMs)
    if (endMs !== (this.#wakeMs ?? null) || this.#wakeMs === undefined)
      changes.wake(this.#subject, endMs)
    this.#wakeMs = endMs
  }
}
