import { decideDeadlines, unwatched, type WatchState } from '@deskpulse/core/alerts'
import { agentsNamed, type CanonicalEvent, isSurvey } from '@deskpulse/core/events'
import { sliceText } from '@deskpulse/core/measures'
import { journalKey, openField, stateKey, type Subject } from '@deskpulse/core/state'
import {
  Contact,
  type ContactChange,
  type ContactImage,
  equalBacklog,
  equalOpen,
  type Received,
  type Row,
  type StoredContact,
} from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { About, Announcer, Moment } from '../alerts/announcer.ts'
import type { Watched } from '../alerts/watch.ts'
import type { ChangeSet } from '../partition/change-set.ts'
import {
  decodeJournal,
  decodeJson,
  encodeJournal,
  encodeJson,
  retainedOf,
  type JournalEntry,
  type Retained,
} from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Tenant } from '../partition/tenant.ts'
import { type ContactAppeal, ContactAppeals, type StoredAppeals } from './contact-appeals.ts'
import { type Ask, ContactAsks, type StoredAsks } from './contact-asks.ts'
import type { Outputs } from './outputs.ts'
import { refoldAtMs } from './refold-pace.ts'

type Stored = StoredContact & {
  /** Absent: nothing fires, nor ever did. */
  readonly watch?: WatchState
  /** Absent: all is folded at once. So many events, the last of the journal, are not in what the contact contributes. */
  readonly unfolded?: { readonly events: number; readonly foldAtMs: EpochMs }
  readonly asks?: StoredAsks
  readonly appeals?: StoredAppeals
}

/** A contact that is held without being at hand: plain data, which is small. */
export type PackedContact = {
  /** JSON. */
  readonly image: string
  /** The journal in the order of the timeline. */
  readonly journal: Uint8Array
  /** Of the events of the journal. */
  readonly identities: readonly number[]
}

type Image = {
  readonly contact: Omit<ContactImage, 'identities'>
  readonly watch: WatchState | null
  /** Of which it was told (`ToldDays`). */
  readonly days: readonly number[]
  /** Absent: not known. */
  readonly wakeMs?: EpochMs | null
  readonly asks?: StoredAsks
  readonly appeals?: StoredAppeals
}

/** What others said to it. */
type Said = Pick<Stored, 'asks' | 'appeals'>

/** About what an event takes as its text, what it takes when it is decoded, too, and the objects of a contact. */
const [eventBytes, decodedBytes, contactBytes] = [830, 1_280, 5_100]

/** A contact as the worker holds it: the core's fold, its alerts, and what is not yet in the store. */
export class ContactCell implements Watched {
  readonly subject: Subject
  readonly tenant: Tenant
  readonly #contact: Contact
  readonly #told: ToldDays
  /** `null`: nobody has asked. */
  #asks: ContactAsks | null
  /** Likewise. */
  #appeals: ContactAppeals | null
  #watch: WatchState
  #unwritten: Retained[] = []
  /** What is not in what it contributes. */
  #unfolded: Retained[] = []
  /** Those that are known with what they say: of what was folded, the last alone, as the next one is compared with it. */
  #awake: Retained[] = []
  /** An event came out of order: it went through all of them again, and may have to do so again soon. */
  #wentBack = false
  /** Until then what came out of order waits; `null`: nothing waits. It follows from the log alone, as alerts are decided by it. */
  #foldAtMs: EpochMs | null = null
  /** That instant has passed in this fold. */
  #isDue = false
  /** When time alone changes its alerts. */
  #watchMs: EpochMs | null = null
  #wakeMs: EpochMs | null | undefined

  private constructor(
    tenant: Tenant,
    subject: Subject,
    contact: Contact,
    watch: WatchState = unwatched,
    days: readonly number[] = [],
    { asks, appeals }: Said = {},
  ) {
    this.tenant = tenant
    this.subject = subject
    this.#asks = asks === undefined ? null : new ContactAsks(asks)
    this.#appeals = appeals === undefined ? null : new ContactAppeals(appeals)
    this.#told = new ToldDays(tenant, subject, days)
    this.#contact = contact
    this.#watch = watch
  }

  /** `stored`, `journal`: what the store holds of it; `null`: nothing. */
  static load(
    tenant: Tenant,
    subject: Subject,
    contactId: string,
    stored: Uint8Array | null,
    journal: Uint8Array | null,
  ): ContactCell {
    const received = journal === null ? [] : receivedIn(journal, tenant)
    const state = stored === null ? null : decodeJson<Stored>(stored)
    const folded = received.length - (state?.unfolded?.events ?? 0)
    const contact = new Contact(
      contactId,
      tenant.configAt,
      state,
      received.slice(0, folded),
      tenant.configChanges,
      appealedIn(state?.appeals),
    )
    const cell = new ContactCell(tenant, subject, contact, state?.watch, [], state ?? {})
    cell.#foldAtMs = state?.unfolded?.foldAtMs ?? null
    cell.#unfolded = received.slice(folded)
    cell.#awake = received.slice(0, folded)
    cell.#rest()
    for (const one of cell.#unfolded) {
      contact.insert(one)
      cell.#awake.push(one)
    }
    return cell
  }

  static unpack(
    tenant: Tenant,
    subject: Subject,
    contactId: string,
    packed: PackedContact,
  ): ContactCell {
    const { contact: image, watch, days, wakeMs, ...said } = JSON.parse(packed.image) as Image
    const contact = new Contact(
      contactId,
      tenant.configAt,
      { ...image, identities: packed.identities },
      receivedIn(packed.journal, tenant),
      tenant.configChanges,
      appealedIn(said.appeals),
    )
    const cell = new ContactCell(tenant, subject, contact, watch ?? undefined, days, said)
    cell.#wakeMs = wakeMs
    return cell
  }

  /** Between two folds. `null`: it has ended, or only the store can give it back. */
  pack(): PackedContact | null {
    const contact = this.#contact
    const image = contact.isOpen && this.#foldAtMs === null ? contact.image() : null
    if (image === null) return null
    const { identities, ...rest } = image
    const watch = this.#watch === unwatched ? null : this.#watch
    return {
      identities,
      image: JSON.stringify({
        contact: rest,
        watch,
        days: this.#told.days,
        wakeMs: this.#wakeMs,
        ...this.#asks?.stored(),
        ...this.#appeals?.stored(),
      } satisfies Image),
      journal: encodeJournal(contact.timeline.events.map(asEntry)),
    }
  }

  /** The rows that count, as they were committed. */
  get told(): Iterable<Row> {
    return this.#contact.told
  }

  /** What its journal holds, in the order of the timeline. */
  get received(): readonly Received[] {
    return this.#contact.timeline.events
  }

  /** The journal holds all that it was ever told. */
  get hasAllEvents(): boolean {
    return !this.#contact.hasBase
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    const each = this.#wentBack ? decodedBytes : eventBytes
    return contactBytes + this.#contact.timeline.events.length * each
  }

  /** A customer waits, or an alert fires: rules have something to look at. Asked once its events are folded, or wait to be. */
  isWatched(nowMs: EpochMs): boolean {
    return this.#isFiring || this.#foldAtMs !== null || this.#contact.isWaiting(nowMs)
  }

  insert(received: Retained): ReturnType<Contact['insert']> {
    const insertion = this.#contact.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    this.#unwritten.push(received)
    this.#unfolded.push(received)
    this.#awake.push(received)
    this.#passFoldAt(received.receivedMs)
    const { events } = this.#contact.timeline
    if (insertion.index < events.length - 1) {
      this.#wentBack = true
      this.#foldAtMs ??= refoldAtMs(events.length, received.receivedMs)
    }
    if (insertion.replaced !== null) this.#contact.journalStale = true
    return insertion
  }

  /** A subject asks whose work it was; `null`: no longer. */
  ask(by: Subject, ask: Ask | null): void {
    this.#asks ??= new ContactAsks()
    this.#asks.take(by, ask)
  }

  /** An appeal is about it. One that is past its lifetime hears nothing more. */
  appeal(by: Subject, appeal: ContactAppeal): void {
    if (!this.#contact.hearsAppeal(appeal.sinceMs)) return
    this.#appeals ??= new ContactAppeals()
    this.#appeals.take(by, appeal)
    this.#contact.appeal(this.#appeals.appealed)
    this.#isDue = true // What is stored of appeals is in what it contributes.
  }

  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    return this.#contact.held(event, nowMs)
  }

  displace(held: Received, nowMs: EpochMs): void {
    this.#contact.displace(held, nowMs)
    if (!this.#contact.isBlank) return
    this.#unfolded = []
    this.#foldAtMs = null
  }

  decide(moment: Moment, announcer: Announcer): EpochMs | null {
    const { rules } = this.tenant
    this.#watchMs = null
    if (
      (this.#contact.isBlank && !this.#isFiring) ||
      (!rules.watches('contact') && !this.#isFiring)
    )
      return null
    const { nowMs } = moment
    this.#passFoldAt(nowMs)
    if (this.#foldAtMs !== null) return (this.#watchMs = this.#foldAtMs)
    this.#contact.fold(nowMs)
    if (!this.isWatched(nowMs)) return null
    const waits = this.#contact.waits(nowMs)
    const applied = rules.inForce.contacts.applied(waits, this.#watch)
    const { state, changes, nextMs } = decideDeadlines(
      this.#watch,
      applied,
      nowMs,
      this.tenant.configAt(nowMs).timeZone,
      moment.clock,
    )
    for (const change of changes)
      announcer.announce(this.#about(), rules.ruleOf(change.rule, 'contact'), change, moment)
    this.#watch = state
    this.#watchMs = earlier(nextMs, waits?.current?.lostAtMs ?? null) // A wait that is given up ends its alerts.
    return this.#watchMs
  }

  /** Folds up to log time and says what that changes; the caller passes the outputs on. */
  settle(logTimeMs: EpochMs, changes: ChangeSet, deltas: MeasureDeltas, outputs: Outputs): void {
    const contact = this.#contact
    const isTold = this.#asks !== null || this.#appeals !== null
    if (contact.isBlank && !contact.journalStale && !isTold) return
    this.#asks?.forgetPast(logTimeMs)
    if (contact.isBlank) this.#forgetAppeals(logTimeMs)
    this.#passFoldAt(logTimeMs)
    // A journal that is written anew is in another order: what is not folded would not be its last events.
    const waits = this.#foldAtMs !== null && !this.#isDue && !contact.journalStale
    if (!waits) this.#fold(logTimeMs, deltas, changes, outputs)
    this.#write(changes)
    const nextMs = waits ? null : earlier(contact.nextWakeMs(logTimeMs), this.#watchMs)
    const saidMs = earlier(this.#asks?.untilMs ?? null, this.#appealsEndMs)
    const wakeMs = earlier(earlier(nextMs, this.#foldAtMs), saidMs)
    if (wakeMs !== this.#wakeMs) changes.wake(this.subject, wakeMs)
    this.#wakeMs = wakeMs
  }

  /** Of a contact of which nothing is known. */
  #forgetAppeals(nowMs: EpochMs): void {
    if (this.#appeals === null) return
    this.#appeals.forgetPast(nowMs)
    this.#contact.appeal(this.#appeals.appealed)
  }

  get #appealsEndMs(): EpochMs | null {
    return this.#contact.isBlank ? (this.#appeals?.untilMs ?? null) : null
  }

  #passFoldAt(nowMs: EpochMs): void {
    if (this.#foldAtMs === null || nowMs < this.#foldAtMs) return
    this.#foldAtMs = null
    this.#isDue = true
  }

  #fold(logTimeMs: EpochMs, deltas: MeasureDeltas, changes: ChangeSet, outputs: Outputs): void {
    const contact = this.#contact
    contact.settle(logTimeMs)
    const change = contact.take(logTimeMs)
    deltas.add(this.tenant, change.rows, this.#told)
    this.#writeOpen(change.open, changes)
    for (const { event } of this.#unfolded) {
      if (isSurvey(event)) continue // Nobody is there for it.
      for (const agentId of agentsNamed(event.data))
        outputs.touchAgentDays(this.tenant, agentId, event.timeMs)
    }
    outputs.take(this.tenant, change.outputs)
    this.#asks?.answer(contact, this.tenant, outputs)
    this.#appeals?.answer(contact, this.tenant, outputs)
    this.#unfolded = []
    this.#isDue = false
    this.#rest()
  }

  #rest(): void {
    const last = this.#contact.timeline.events.at(-1)
    const awake = this.#awake
    this.#awake = []
    for (const one of awake) {
      if (one === last) this.#awake.push(one)
      else one.rest()
    }
  }

  #writeOpen(open: ContactChange['open'], changes: ChangeSet): void {
    if (open === null) return
    const { before, now } = open
    const row = now.wait?.row ?? before.wait?.row
    if (row !== undefined && !equalOpen(before.wait, now.wait))
      changes.open(this.tenant, this.subject, openField(row), now.wait)
    if (equalBacklog(before.backlog, now.backlog)) return
    this.tenant.backlog.replace(this.#contact.id, before.backlog, now.backlog)
  }

  #write(changes: ChangeSet): void {
    const contact = this.#contact
    const watch = this.#watch === unwatched || contact.isExpired ? {} : { watch: this.#watch }
    const unfolded =
      this.#foldAtMs === null
        ? {}
        : { unfolded: { events: this.#unfolded.length, foldAtMs: this.#foldAtMs } }
    const said = { ...this.#asks?.stored(), ...this.#appeals?.stored() }
    const isKnown = !contact.isBlank || Object.keys(said).length > 0 // Blank: its only events belong elsewhere.
    const stored: Stored = { ...contact.store(), ...watch, ...unfolded, ...said }
    changes.put(stateKey(this.subject), isKnown ? encodeJson(stored) : null)
    this.#writeJournal(changes)
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
      changes.put(
        key,
        this.#contact.isExpired || events.length === 0 ? null : encodeJournal(events.map(asEntry)),
      )
    } else if (this.#unwritten.length > 0)
      changes.append(key, encodeJournal(this.#unwritten.map(asEntry)))
    this.#contact.journalStale = false
    this.#unwritten = []
  }
}

const appealedIn = (stored: StoredAppeals | undefined) =>
  stored && new ContactAppeals(stored).appealed

function receivedIn(journal: Uint8Array, tenant: Tenant): Retained[] {
  return decodeJournal(journal).map((entry) => retainedOf(entry, tenant.name))
}

function earlier(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}

function asEntry({ receivedMs, text }: Received): JournalEntry {
  return { kind: 'event', receivedMs, text }
}
