import type { CanonicalEvent } from '@deskpulse/core/events'
import { journalKey, openField, stateKey, type Subject } from '@deskpulse/core/state'
import {
  contactRetentionMs,
  creditedToAppeals,
  equalOpen,
  type Insertion,
  type OpenSubject,
  type OwnIdKind,
  type OwnIdTold,
  type Received,
  type Row,
  keptForAppeals,
  RowSet,
  Timeline,
} from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import {
  decodeJournal,
  decodeJson,
  encodeJournal,
  encodeJson,
  retainedOf,
  type JournalEntry,
} from '../partition/journal.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Fold, Timed } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'
import { logDayOf } from './agent-day-lifetime.ts'
import { AgentDaysTold } from './agent-days-told.ts'
import { AppealTold } from './appeal-told.ts'
import { ContractTold } from './contract-told.ts'
import type { Outputs } from './outputs.ts'
import { type Heard, OwnIdTalk, type StoredTalk } from './own-id-talk.ts'

/** One is folded anew from all its events at each change: past so many it takes no more. */
export const ownIdEventsMax = 200

/** Beside the journal. `settledMs`: what it told then is counted. Past its lifetime it is a mark. */
type Stored =
  | { readonly expired: true }
  | ({
      readonly expired?: false
      readonly settledMs: EpochMs
      readonly changedMs: EpochMs
      /** Days of log time on which appeals told something; absent: none. */
      readonly appealedDays?: readonly number[]
    } & StoredTalk)

/** About what its objects take, and those of an event, and of what it heard. */
const [cellBytes, eventBytes, heardBytes] = [1_150, 450, 350]

const nothingTold: OwnIdTold = { rows: [] }

/** A subject with an id of its own, as the worker holds it: the few events that name it, and the rows that they tell. */
export class OwnIdCell implements Timed {
  readonly #subject: Subject
  readonly #tenant: Tenant
  readonly kind: OwnIdKind
  readonly #timeline: Timeline
  readonly #rows: RowSet
  readonly #toldDays: ToldDays
  #expired: boolean
  /** Log time of the last entry that changed it. */
  #changedMs: EpochMs
  /** What stands open of it, as readers have it. */
  #open: OpenSubject | null
  readonly #talk: OwnIdTalk
  readonly #agentDays: AgentDaysTold | null
  readonly #appeal: AppealTold | null
  readonly #contract: ContractTold | null
  #appealedDays: readonly number[]
  #unwritten: Received[] = []
  #journalStale = false
  #wakeMs: EpochMs | null | undefined

  constructor(
    kind: OwnIdKind,
    tenant: Tenant,
    subject: Subject,
    stored: Uint8Array | null,
    journal: Uint8Array | null,
  ) {
    this.kind = kind
    this.#tenant = tenant
    this.#subject = subject
    this.#toldDays = new ToldDays(tenant, subject)
    const state = stored === null ? null : decodeJson<Stored>(stored)
    const kept = state === null || state.expired === true ? null : state
    const events =
      journal === null ? [] : decodeJournal(journal).map((entry) => retainedOf(entry, tenant.name))
    this.#expired = state?.expired === true
    this.#timeline = new Timeline(null, events)
    this.#changedMs = kept?.changedMs ?? (0 as EpochMs)
    this.#appealedDays = kept?.appealedDays ?? []
    this.#talk = new OwnIdTalk(tenant, subject, kept ?? undefined)
    const { appeals } = kind
    this.#appeal =
      appeals === undefined ? null : new AppealTold(tenant, subject, appeals, this.received)
    const { rows, open = null, tells } = kept === null ? nothingTold : this.#told(kept.settledMs)
    this.#talk.restore(tells, this.#endMs)
    const { ofAgent, steps } = kind
    this.#contract = steps === undefined ? null : new ContractTold(tenant, steps, this.#events)
    this.#agentDays = ofAgent === undefined ? null : new AgentDaysTold(tenant, ofAgent)
    if (kept !== null) this.#agentDays?.restore(this.#events, kept.settledMs)
    this.#rows = new RowSet(rows) // They are counted.
    this.#open = open
  }

  get hasAllEvents(): boolean {
    return true
  }

  /** The rows that count, as they were committed. */
  get told(): Iterable<Row> {
    return this.#rows.told
  }

  get received(): readonly Received[] {
    return this.#timeline.events
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    const { size } = this.#talk
    return cellBytes + this.#timeline.events.length * eventBytes + size * heardBytes
  }

  insert(received: Received): Insertion | { readonly kind: 'refused'; readonly code: 'expired' } {
    if (this.#isPast(received.receivedMs)) return { kind: 'refused', code: 'expired' }
    const isFull = this.#timeline.events.length >= ownIdEventsMax
    if (isFull && this.held(received.event, received.receivedMs) === null)
      return { kind: 'refused', code: 'timeline-full' }
    if (this.#isBlank) this.#talk.forgetPast(received.receivedMs)
    const insertion = this.#timeline.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    if (insertion.replaced !== null) this.#journalStale = true
    this.#unwritten.push(received)
    this.#changed(received.receivedMs)
    return insertion
  }

  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    return this.#isPast(nowMs) ? null : this.#timeline.held(event, nowMs)
  }

  displace(held: Received, nowMs: EpochMs): void {
    this.#timeline.remove(held)
    this.#journalStale = true
    this.#changed(nowMs)
  }

  /** By an entry at this log time. */
  #changed(nowMs: EpochMs): void {
    this.#changedMs = nowMs
    const { asks } = this.kind
    if (asks !== undefined) this.#talk.ponder(this.#isBlank ? null : asks(this.#events), nowMs)
    this.#appeal?.changed(this.received, nowMs)
  }

  /** Tells contacts that it is an appeal about them, and people, as soon as an entry changed it. */
  tellAppeal(outputs: Outputs): void {
    this.#appeal?.tell(outputs)
  }

  /** Asks its contact or customer, before anything is settled. */
  ask(outputs: Outputs): void {
    if (!this.#expired) this.#talk.ask(this.#isBlank ? null : this.#endMs, outputs)
  }

  /** What others told it, since they were settled. */
  hear(said: ReadonlyMap<string, Heard | null>, logTimeMs: EpochMs): void {
    if (this.#isPast(logTimeMs)) return
    this.#talk.hear(said)
    if (said.values().some((heard) => heard?.said.kind === 'left-out'))
      this.#appealedDays = [...new Set([...this.#appealedDays, logDayOf(logTimeMs)])]
  }

  /** A wake that found nothing to change leaves no trace but its removal. */
  woken(): void {
    this.#wakeMs = undefined
  }

  /** Folds up to log time and says what that changes. */
  settle({ logTimeMs, changes, deltas, outputs }: Fold): void {
    if (this.#expired) return
    const { rows, aheadMs, open = null, tells } = this.#told(logTimeMs)
    this.#rows.replaceAll(rows)
    deltas.add(this.#tenant, this.#rows.takeChanges(), this.#toldDays)
    const inserted = this.#unwritten.map(({ event }) => event)
    this.#agentDays?.tell(this.#events, inserted, logTimeMs, outputs)
    this.#talk.tell(tells, this.#endMs, outputs)
    this.#contract?.tell(this.#events, outputs)
    if (this.#isBlank) this.#talk.forgetPast(logTimeMs)
    this.#expired = this.#isPast(logTimeMs)
    this.#writeOpen(this.#expired ? null : open, changes)
    this.#write(logTimeMs, changes)
    const nextMs = aheadMs !== undefined && aheadMs > logTimeMs ? aheadMs : this.#endMs
    const wakeMs = this.#isBlank ? this.#talk.keptUntilMs : nextMs
    this.#writeWake(this.#expired ? null : wakeMs, changes)
  }

  /** It has no event: all belong elsewhere, or others alone told it something. */
  get #isBlank(): boolean {
    return this.#timeline.events.length === 0
  }

  /**
   * It is kept as long as a contact after the last entry that changed it, or after the instant that it is about, and to the end of that day of log time: no fold reaches over a midnight, so that what
   * others tell it does not depend on batches. `null`: for good.
   */
  get #endMs(): EpochMs | null {
    if (this.kind.isLasting === true) return null
    const { aheadMs = 0 } = this.#told(this.#changedMs)
    const lastDay = logDayOf(Math.max(this.#changedMs, aheadMs) as EpochMs)
    const endMs = ((lastDay + 1) * dayMs + contactRetentionMs) as EpochMs
    return keptForAppeals(endMs, this.#appealedDays, contactRetentionMs)
  }

  #isPast(nowMs: EpochMs): boolean {
    const endMs = this.#isBlank ? null : this.#endMs
    return this.#expired || (endMs !== null && nowMs >= endMs)
  }

  get #events(): readonly CanonicalEvent[] {
    return this.#timeline.events.map(({ event }) => event)
  }

  #told(nowMs: EpochMs): OwnIdTold {
    const events = this.#events
    if (events.length === 0) return nothingTold
    const { heard } = this.#talk
    const told = this.kind.tell(events, nowMs, this.#tenant.localTime, heard)
    const excluded = heard.flatMap((said) =>
      said.kind === 'left-out' ? (said.excluded ?? []) : [],
    )
    return { ...told, rows: creditedToAppeals(told.rows, excluded) }
  }

  #writeOpen(open: OpenSubject | null, changes: ChangeSet): void {
    if (equalOpen(open, this.#open)) return
    const field = openField((open ?? this.#open)!.row)
    changes.open(this.#tenant, this.#subject, field, open)
    this.#open = open
  }

  #write(settledMs: EpochMs, changes: ChangeSet): void {
    const stored: Stored = this.#expired
      ? { expired: true }
      : {
          ...{ settledMs, changedMs: this.#changedMs, ...this.#talk.stored() },
          ...(this.#appealedDays.length > 0 && { appealedDays: this.#appealedDays }),
        }
    const isEmpty = this.#isBlank && this.#talk.size === 0
    changes.put(stateKey(this.#subject), isEmpty ? null : encodeJson(stored))
    const key = journalKey(this.#subject)
    if (this.#expired || this.#isBlank) changes.put(key, null)
    else if (this.#journalStale) changes.put(key, encodeJournal(this.#timeline.events.map(asEntry)))
    else if (this.#unwritten.length > 0)
      changes.append(key, encodeJournal(this.#unwritten.map(asEntry)))
    this.#journalStale = false
    this.#unwritten = []
  }

  #writeWake(wakeMs: EpochMs | null, changes: ChangeSet): void {
    if (wakeMs !== this.#wakeMs) changes.wake(this.#subject, wakeMs)
    this.#wakeMs = wakeMs
  }
}

const asEntry = ({ receivedMs, text }: Received): JournalEntry => ({
  kind: 'event',
  receivedMs,
  text,
})
