import {
  agentsNamed,
  Contact,
  decideDeadlines,
  journalKey,
  sliceText,
  stateKey,
  unwatched,
  type CanonicalEvent,
  type EpochMs,
  type Received,
  type StoredContact,
  type Subject,
  type WatchState,
} from '@deskpulse/core'
import type { About, Announcer, Moment } from '../alerts/announcer.ts'
import type { Watched } from '../alerts/watch.ts'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJournal, decodeJson, encodeJournal, encodeJson, receivedOf } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { utcDayOf } from './agents.ts'
import type { Outputs } from './outputs.ts'

/** Absent: nothing fires, nor ever did. */
type Stored = StoredContact & { readonly watch?: WatchState }

/** A contact as the worker holds it: the core's fold, its alerts, and what is not yet in the store. */
export class ContactCell implements Watched {
  readonly subject: Subject
  readonly tenant: Tenant
  readonly #contact: Contact
  #watch: WatchState
  #unwritten: Received[] = []
  /** When time alone changes its alerts. */
  #watchMs: EpochMs | null = null
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, subject: Subject, contactId: string, stored: Uint8Array | null, journal: Uint8Array | null) {
    this.tenant = tenant
    this.subject = subject
    const received = journal === null ? [] : decodeJournal(journal).map((entry) => receivedOf(entry, tenant.name))
    const state = stored === null ? null : decodeJson<Stored>(stored)
    this.#contact = new Contact(contactId, tenant.configAt, state, received)
    this.#watch = state?.watch ?? unwatched
  }

  /** A customer waits, or an alert fires: rules have something to look at. Asked once its events are folded. */
  isWatched(nowMs: EpochMs): boolean {
    return this.#isFiring || this.#contact.isWaiting(nowMs)
  }

  insert(received: Received): ReturnType<Contact['insert']> {
    const insertion = this.#contact.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    this.#unwritten.push(received)
    if (insertion.replaced !== null) this.#contact.journalStale = true
    return insertion
  }

  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    return this.#contact.held(event, nowMs)
  }

  displace(held: Received, nowMs: EpochMs): void {
    this.#contact.displace(held, nowMs)
  }

  decide(moment: Moment, announcer: Announcer): EpochMs | null {
    const { rules } = this.tenant
    this.#watchMs = null
    if ((this.#contact.isBlank && !this.#isFiring) || (!rules.watches('contact') && !this.#isFiring)) return null
    this.#contact.fold()
    const { nowMs } = moment
    if (!this.isWatched(nowMs)) return null
    const waits = this.#contact.waits(nowMs)
    const applied = rules.inForce.contacts.applied(waits, this.#watch)
    const { state, changes, nextMs } = decideDeadlines(this.#watch, applied, nowMs, this.tenant.configAt(nowMs).timeZone, moment.clock)
    for (const change of changes) announcer.announce(this.#about(), rules.ruleOf(change.rule, 'contact'), change, moment)
    this.#watch = state
    this.#watchMs = earlier(nextMs, waits?.current?.lostAtMs ?? null) // A wait that is given up ends its alerts.
    return this.#watchMs
  }

  /** Folds up to log time and says what that changes; the caller passes the outputs on. */
  settle(logTimeMs: EpochMs, changes: ChangeSet, deltas: MeasureDeltas, outputs: Outputs): void {
    const contact = this.#contact
    if (contact.isBlank && !contact.journalStale) return
    contact.settle(logTimeMs)
    const change = contact.take(logTimeMs)
    for (const fact of change.facts) deltas.add(this.tenant, fact)
    for (const difference of change.open) changes.open(this.tenant, this.subject, difference)
    for (const { event } of this.#unwritten) {
      for (const agentId of agentsNamed(event.data)) outputs.forAgentDay(this.tenant, agentId, utcDayOf(event.timeMs)).isNamed = true
    }
    outputs.take(this.tenant, change.outputs)
    const stored: Stored = this.#watch === unwatched || contact.isExpired ? contact.store() : { ...contact.store(), watch: this.#watch }
    changes.put(stateKey(this.subject), contact.isBlank ? null : encodeJson(stored)) // Blank: its only events belong elsewhere.
    this.#writeJournal(changes)
    const wakeMs = earlier(contact.nextWakeMs(logTimeMs), this.#watchMs)
    if (wakeMs !== this.#wakeMs) changes.wake(this.subject, wakeMs)
    this.#wakeMs = wakeMs
  }

  /** A wake that found nothing to change leaves no trace but its removal. */
  woken(): void {
    this.#wakeMs = undefined
  }

  get #isFiring(): boolean {
    return this.#watch !== unwatched && Object.keys(this.#watch.active).length > 0
  }

  #about(): About {
    const { queue = 'none', agent = 'none', channel } = this.#contact.dimensions() ?? {}
    return {
      tenant: this.tenant.name,
      subject: `contact/${this.#contact.id}`,
      slice: sliceText([{ dimension: 'queue', value: typeof queue === 'string' ? queue : 'none' }]),
      contactId: this.#contact.id,
      ...(agent === 'none' ? {} : { agentId: agent }),
      ...(channel === undefined ? {} : { channel }),
    }
  }

  #writeJournal(changes: ChangeSet): void {
    const key = journalKey(this.subject)
    if (this.#contact.journalStale) {
      const { events } = this.#contact.timeline
      changes.put(key, this.#contact.isExpired || events.length === 0 ? null : encodeJournal(events.map(asEntry)))
    } else if (this.#unwritten.length > 0) changes.append(key, encodeJournal(this.#unwritten.map(asEntry)))
    this.#contact.journalStale = false
    this.#unwritten = []
  }
}

function earlier(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}

function asEntry({ receivedMs, bytes }: Received): { kind: 'event'; receivedMs: EpochMs; bytes: Uint8Array } {
  return { kind: 'event', receivedMs, bytes }
}
