import { stateKey, type Subject } from '@deskpulse/core/state'
import {
  contactRetentionMs,
  customerPeriodRows,
  equalServed,
  type OutputChange,
  type Received,
  reorderHorizonMs,
  type Row,
  RowSet,
  type Served,
  type Session,
  sessionRows,
  settledSessions,
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
const nothingStored: StoredCustomer = { sessions: [], final: [], past: [], changedDay: 0 }

/** About what the objects of a customer take, of a session, more of one that was solved, with its rows, and of an answer. */
const [customerBytes, sessionBytes, solvedBytes, servedBytes] = [950, 120, 320, 150]

/** Past answers beyond so many are looked at again. */
const pastUsual = 100

/** What a contact says to its customer. */
export type ToCustomer = { readonly session: Session; readonly how: OutputChange['how'] }

/** A customer as the worker holds it: the sessions that its contacts told of. Its rows follow from them alone, so they are not stored. */
export class CustomerCell {
  readonly #subject: Subject
  readonly tenant: Tenant
  readonly #sessions: Map<string, Session>
  /** Contacts past their lifetime. */
  readonly #final: Set<string>
  #past: readonly Served[]
  #changedDay: number
  readonly #rows: RowSet
  readonly #told: ToldDays
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, subject: Subject, stored: Uint8Array | null) {
    this.tenant = tenant
    this.#subject = subject
    this.#told = new ToldDays(tenant, subject)
    const { sessions, final, past, changedDay } =
      stored === null ? nothingStored : decodeJson<StoredCustomer>(stored)
    this.#sessions = new Map(sessions.map((session) => [session.contactId, session]))
    this.#final = new Set(final)
    this.#past = past
    this.#changedDay = changedDay
    this.#rows = new RowSet(sessionRows(sessions))
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
    return [...this.#rows.told, ...this.#periodRows(this.#served())]
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
    const before = this.#served()
    for (const { session, how } of told) {
      if (how === 'said') this.#sessions.set(session.contactId, session)
      else if (how === 'withdrawn') this.#sessions.delete(session.contactId)
      else if (this.#sessions.has(session.contactId)) this.#final.add(session.contactId)
    }
    if (told.length > 0) this.#changedDay = logDayOf(logTimeMs)
    this.#rows.replaceAll(sessionRows(this.#sessions.values()))
    for (const change of this.#rows.takeChanges()) deltas.add(this.tenant, change, this.#told)
    this.#countServed(before, deltas)
    this.#forgetSettled()
    if (this.#endMs <= logTimeMs)
      this.#past = [] // What they counted stays.
    else if (this.#past.length > pastUsual) this.#forgetPast(logTimeMs)
    this.#write(changes)
  }

  #served(): Served[] {
    const living = [...this.#sessions.values()].flatMap(({ served }) => served ?? [])
    return [...this.#past, ...living]
  }

  #countServed(before: readonly Served[], deltas: MeasureDeltas): void {
    const now = this.#served()
    const isSame =
      before.length === now.length &&
      now.every((served, place) => equalServed(served, before[place]!))
    if (isSame) return
    const rows = new RowSet(this.#periodRows(before))
    rows.replaceAll(this.#periodRows(now))
    for (const change of rows.takeChanges()) deltas.add(this.tenant, change, this.#told)
  }

  #periodRows(served: readonly Served[]): readonly Row[] {
    return customerPeriodRows(served, this.tenant.localTime)
  }

  /** Their rows stay counted. */
  #forgetSettled(): void {
    for (const { contactId, served } of settledSessions(this.#sessions.values(), this.#final)) {
      this.#sessions.delete(contactId)
      this.#final.delete(contactId)
      this.#rows.forget(`session/${contactId}`)
      if (served !== null) this.#past = [...this.#past, served]
    }
  }

  /** A customer who comes again and again is never forgotten as a whole: answers of years that are over are. */
  #forgetPast(logTimeMs: EpochMs): void {
    this.#past = this.#past.filter(
      ({ atMs }) => this.#yearEndMs(atMs) + contactRetentionMs + reorderHorizonMs > logTimeMs,
    )
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
