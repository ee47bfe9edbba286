import { type ConfigHistory, knownAt, nextKnownMs } from '../../config/business-time.ts'
import type { TenantConfig } from '../../config/tenant-config.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import { type Exclusion, keptForAppeals } from '../../subjects/exclusion.ts'
import type { Row } from '../../subjects/row.ts'
import type { RowChange } from '../../subjects/row-set.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { compareEvents } from '../timeline/order.ts'
import { reorderHorizonMs, Timeline, type Insertion, type Received } from '../timeline/timeline.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import type { FoldsWith } from './contact-session.ts'
import { ContactSessions, type KeptSessions } from './contact-sessions.ts'
import { creditOf, currentCredit } from './context.ts'
import { contactOpen, equalContactOpen, noContactOpen, type ContactOpen } from './open.ts'
import type { OutputChange } from './outputs.ts'
import { sparseState, wholeState, type ContactState } from './state.ts'
import { baseMessageIds, Messages } from './messages.ts'
import { isOfThread, mayBeginSession, nextSession, openingIn } from './session-cut.ts'
import { contactWaits, isWaiting, type ContactWaits } from './waits.ts'

/** How long a contact is kept after the last entry that changed it, at least: late events of an older one are refused `expired`. */
export const contactRetentionMs = 35 * dayMs
/** The base moves once this many events are past the horizon: each move rewrites the journal. */
const baseEventsMin = 32

/** The folded events that nothing can be put before any more. */
type Base = KeptSessions & {
  readonly last: CanonicalEvent
  /** Ids of its messages: a later event of one of them is an edit. */
  readonly messageIds: readonly string[]
}

/**
 * What the store holds of a contact beside its journal: enough to fold it again to what it contributed (`settledMs` is the log time of the last fold).
 * A contact past its lifetime is a mark.
 */
export type StoredContact = ExpiredContact | (KeptContact & { readonly state?: undefined })

/** `thread`: what its next session is to know, and the last event of the one before; absent: it is no thread, and over for good. */
type ExpiredContact = { readonly expired: true; readonly thread?: RestingThread }
type RestingThread = { readonly state: Partial<ContactState>; readonly last: CanonicalEvent }

type KeptContact = {
  readonly expired?: false
  readonly base?: Base
  readonly settledMs: EpochMs
  /** Log time of the last entry that changed it. */
  readonly changedMs: EpochMs
}

/** A settled contact beside its journal, as plain data: a contact goes on from it, and nothing is folded anew. */
export type ContactImage = KeptContact &
  KeptSessions<Partial<ContactState>> & {
    /** `null`: no timer has passed. */
    readonly lastTimerMs: EpochMs | null
    /** Of its timeline: with them and the messages' ids, it goes on without a look at the events. */
    readonly identities: readonly number[]
    readonly messageIds: readonly string[]
  }

/** What appeals told a contact: what of it they leave out, and on which days of log time they told something. */
export type Appealed = {
  readonly excluded: readonly Exclusion[]
  readonly toldDays: readonly number[]
}
const notAppealed: Appealed = { excluded: [], toldDays: [] }

export type ContactChange = {
  readonly rows: readonly RowChange[]
  readonly outputs: readonly OutputChange[]
  /** `null`: as it was. */
  readonly open: { readonly before: ContactOpen; readonly now: ContactOpen } | null
}

/**
 * A contact: its timeline, the state that the timeline folds to, and what it contributes. Events go in by `insert`, in any order; `settle` folds them
 * as of a log time; `take` says what changed since the last `take`. Equal timelines, configuration and log time give equal contributions.
 */
export class Contact {
  readonly id: string
  readonly #history: ConfigHistory
  #timeline: Timeline
  #base: Base | undefined
  readonly #sessions: ContactSessions
  /** What is folded stands; else it is to be folded anew. */
  #stands = false
  /** Events of the timeline that are in the state. */
  #folded = 0
  #lastTimerMs = -Infinity
  #messages = new Messages([], [])
  #open: ContactOpen = noContactOpen
  #settledMs = 0 as EpochMs
  #changedMs: EpochMs
  /** How many changes of the configuration its due instants take into account. */
  #knownChanges = 0
  #expired: ExpiredContact | null
  /** When its lifetime was over; `null`: it is not, or was before it was loaded. */
  #expiredMs: EpochMs | null = null
  #appealedDays: readonly number[]
  /** The base moved: the journal is to be rewritten, not appended to. */
  journalStale = false

  /**
   * `stored`: what the store holds of it, of which it is folded anew, or what `image` gave, with the events of that timeline. `null`: nothing.
   * `changes`: the configurations after the first one (`ConfigHistory`). `appealed`: as it was committed.
   */
  constructor(
    id: string,
    configAt: (atMs: number) => TenantConfig,
    stored: StoredContact | ContactImage | null,
    journal: readonly Received[],
    changes: ConfigHistory['changes'] = () => [],
    appealed = notAppealed,
  ) {
    this.id = id
    this.#history = { configAt, changes }
    const kept = stored === null || stored.expired === true ? null : stored
    this.#expired = stored?.expired === true ? stored : null
    this.#base = kept?.base
    this.#sessions = new ContactSessions(id, appealed.excluded)
    this.#appealedDays = appealed.toldDays
    this.#timeline = new Timeline(
      kept?.base?.last ?? null,
      journal,
      kept?.state === undefined ? null : kept.identities,
    )
    this.#changedMs = kept?.changedMs ?? (0 as EpochMs)
    if (this.#expired !== null) this.#sessions.takeFinal()
    if (kept === null) return
    if (kept.state !== undefined) this.#goOn(kept)
    else {
      this.settle(kept.settledMs)
      this.take(kept.settledMs) // What it contributed: changes are differences to that.
    }
  }

  get timeline(): Timeline {
    return this.#timeline
  }

  /** Taken between two folds; `null`: it is not settled, or past its lifetime. */
  image(): ContactImage | null {
    const isSettled =
      this.#stands && this.#folded === this.timeline.events.length && !this.journalStale
    if (this.isExpired || this.isBlank || !isSettled) return null
    const { state, rows, past } = this.#sessions.keep()
    return {
      base: this.#base,
      settledMs: this.#settledMs,
      changedMs: this.#changedMs,
      state: sparseState(state),
      rows,
      ...(past && { past: past.map((one) => ({ ...one, state: sparseState(one.state) })) }),
      lastTimerMs: this.#lastTimerMs === -Infinity ? null : (this.#lastTimerMs as EpochMs),
      identities: this.timeline.identities,
      messageIds: this.#messages.ids,
    }
  }

  /** Nothing was ever accepted: there is nothing to store. */
  get isBlank(): boolean {
    return !this.isExpired && this.timeline.events.length === 0 && this.#base === undefined
  }

  insert(received: Received): Insertion | { readonly kind: 'refused'; readonly code: 'expired' } {
    this.#expireBy(received.receivedMs)
    if (this.#expired !== null && !this.#returns(received.event, this.#expired))
      return { kind: 'refused', code: 'expired' }
    this.#moveBase(received.receivedMs)
    if (this.#opensTooLate(received)) return { kind: 'refused', code: 'before-base' }
    const insertion = this.timeline.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    this.#changedMs = received.receivedMs
    if (!this.#extends(received.event, insertion)) this.#stands = false
    return insertion
  }

  /** The event of this identity that the contact holds; `null`: none, or one that stays for good. */
  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    return this.isExpired ? null : this.timeline.held(event, nowMs)
  }

  /** Takes a held event out, for one of its identity that stands elsewhere. */
  displace(held: Received, nowMs: EpochMs): void {
    this.timeline.remove(held)
    this.#changedMs = nowMs
    this.#stands = false
    this.journalStale = true
  }

  /** By an entry at this log time an appeal is about the contact. @returns whether that is still heard. */
  hearsAppeal(sinceMs: EpochMs): boolean {
    this.#expireBy(sinceMs)
    return !this.isExpired
  }

  /** Appeals leave this out by now, and the contact is kept for them. */
  appeal({ excluded, toldDays }: Appealed): void {
    this.#sessions.exclude(excluded)
    this.#appealedDays = toldDays
  }

  /** Folds what came since, with the timers in between: enough for `waits`, which judges time alone by its own instant. `nowMs`: log time. */
  fold(nowMs: EpochMs = this.#heardMs): void {
    if (this.isExpired) return
    const { events } = this.timeline
    if (!this.#stands) this.#startOver()
    this.#know(nowMs)
    for (; this.#folded < events.length; this.#folded += 1) {
      const { event } = events[this.#folded]!
      const config = this.#history.configAt(event.timeMs)
      this.#passed(this.#sessions.pass(event, config, this.#messages))
    }
  }

  /** The last log time that it was told of. */
  get #heardMs(): EpochMs {
    return Math.max(this.#settledMs, this.#changedMs) as EpochMs
  }

  /** What is not yet due comes due by the versions that are known at `nowMs`. */
  #know(nowMs: EpochMs): void {
    const { context } = this.#sessions
    context.history = knownAt(this.#history, nowMs)
    const changes = context.history.changes().length
    if (changes !== this.#knownChanges) this.#sessions.renew()
    this.#knownChanges = changes
  }

  /** Folds what came since, and applies the timers up to `nowMs`, the log time. */
  settle(nowMs: EpochMs): void {
    if (this.isExpired) return
    this.#settledMs = nowMs
    this.fold(nowMs)
    this.#passed(this.#sessions.passTimers(nowMs, this.#history.configAt(nowMs)))
    this.#expireAt(nowMs, this.#state())
  }

  /** What changed since the last call. */
  take(nowMs: EpochMs): ContactChange {
    const { rows, outputs } = this.#sessions.take(nowMs)
    return this.isExpired
      ? {
          rows,
          outputs: [...outputs, ...this.#sessions.takeFinal()],
          open: this.#takeOpen(noContactOpen),
        }
      : { rows, outputs, open: this.#takeOpen(this.#openAt(nowMs)) }
  }

  /** What it contributes, as of the last `take`: nothing past its lifetime. */
  get told(): Iterable<Row> {
    return this.isExpired ? [] : this.#sessions.told()
  }

  /** Some of its events are folded for good, and no longer on its timeline. */
  get hasBase(): boolean {
    return this.#base !== undefined
  }

  /** When the contact changes, or is given up, by time alone. */
  nextWakeMs(nowMs: EpochMs): EpochMs | null {
    if (this.isExpired || this.isBlank) return null
    const state = this.#state()
    const retiresMs = isOver(state) ? this.#endMs(state) : this.#changedMs + contactRetentionMs
    const nextMs = Math.min(
      this.#sessions.nextMs(nowMs),
      state.requestedMs !== null && state.requestedMs > nowMs ? state.requestedMs : Infinity, // Then it counts as open.
      retiresMs > nowMs ? retiresMs : Infinity,
      (state.owed === null && state.resolving === null
        ? null
        : nextKnownMs(this.#history, nowMs)) ?? Infinity,
    )
    return nextMs === Infinity ? null : (nextMs as EpochMs)
  }

  /** Whether `waits` says that something goes on. */
  isWaiting(nowMs: EpochMs): boolean {
    return !this.isExpired && !this.isBlank && isWaiting(this.#state(), nowMs)
  }

  /** What it waits for at `nowMs`, with the events of the last `fold` or `settle`; `null`: nothing that anybody is to watch. */
  waits(nowMs: EpochMs): ContactWaits | null {
    if (this.isExpired || this.isBlank) return null
    return contactWaits(this.#state(), nowMs, knownAt(this.#history, this.#heardMs))
  }

  /** Where it stands, also of a contact that nobody watches; `null`: nothing is known of it any more, or yet. */
  dimensions(): DimensionValues | null {
    if (this.isExpired || this.isBlank) return null
    const state = this.#state()
    return creditOf(state, currentCredit(state))
  }

  /**
   * Whose work it was up to an instant, for a subject that asked at a log time. `null`: nobody's that is known. `undefined`: that is not known any more, as the contact was past its lifetime
   * by then, or the session is.
   */
  judgedAt(atMs: EpochMs, askedMs: EpochMs): DimensionSet | null | undefined {
    if (this.isExpired && askedMs >= (this.#expiredMs ?? 0)) return undefined
    return this.isBlank ? null : this.#sessions.judgedAt(atMs)
  }

  store(): StoredContact {
    if (this.#expired !== null) return this.#expired
    return { base: this.#base, settledMs: this.#settledMs, changedMs: this.#changedMs }
  }

  get isExpired(): boolean {
    return this.#expired !== null
  }

  /** It goes on. */
  get isOpen(): boolean {
    return this.#stands && !this.isExpired && !isOver(this.#state())
  }

  #goOn({ settledMs, state, rows, past = [], lastTimerMs, messageIds }: ContactImage): void {
    this.#messages = new Messages(this.#base?.messageIds ?? [], [], messageIds)
    const history = knownAt(this.#history, settledMs)
    this.#knownChanges = history.changes().length
    // It has begun: no step asks for its opening.
    const fold = { opening: null, config: this.#history.configAt(settledMs), history }
    const whole = past.map((one) => ({ ...one, state: wholeState(one.state) }))
    this.#sessions.resume({ state: wholeState(state), rows, past: whole }, fold, settledMs)
    this.#stands = true
    this.#folded = this.timeline.events.length
    this.#lastTimerMs = lastTimerMs ?? -Infinity
    this.#settledMs = settledMs
    this.#open = this.#openAt(settledMs)
  }

  #openAt(nowMs: EpochMs): ContactOpen {
    return contactOpen(this.id, this.#state(), nowMs, this.#changedMs + contactRetentionMs)
  }

  /** Of the session that goes on. */
  #state(): ContactState {
    if (!this.#stands) throw new Error(`contact ${this.id} was asked before it was settled`)
    return this.#sessions.context.state
  }

  /** The event can be folded by one step: it is the last, no timer at or after its instant has been applied, and it says nothing of what came before. */
  #extends(event: CanonicalEvent, insertion: Insertion & { kind: 'inserted' }): boolean {
    if (
      insertion.replaced !== null ||
      insertion.index < this.timeline.events.length - 1 ||
      event.timeMs <= this.#lastTimerMs
    )
      return false
    if (this.#messages.append(event)) return false
    return event.type !== 'contact.opened' || !this.#stands || this.#state().explicit
  }

  /**
   * The opening says what the whole contact is, so that it can no longer come, or be moved, once part of the contact is beyond the horizon. An opening
   * behind the one that there is says nothing. In a thread it may begin another session.
   */
  #opensTooLate({ event, receivedMs }: Received): boolean {
    if (event.type !== 'contact.opened') return false
    if (isOfThread(this.#history.configAt(event.timeMs), event)) return false
    const isWholeOpen = this.#base === undefined && this.timeline.baseLength(receivedMs) === 0
    if (isWholeOpen || (this.#base?.state.openedMs ?? null) !== null) return false
    const opening = this.#opening()
    return opening === null || compareEvents(event, opening) < 0
  }

  #opening(messages = this.#messages): CanonicalEvent | null {
    return openingIn(this.timeline.events, messages, this.#history.configAt)
  }

  #foldsWith(): FoldsWith {
    return { opening: null, config: this.#history.configAt(0), history: this.#history }
  }

  #startOver(): void {
    this.#stands = true
    this.#folded = 0
    this.#lastTimerMs = -Infinity
    this.#messages = new Messages(this.#base?.messageIds ?? [], this.timeline.events)
    this.#sessions.restart(this.#base ?? null, { ...this.#foldsWith(), opening: this.#opening() })
    this.#knownChanges = 0 // What the base knew.
  }

  #passed(timerMs: EpochMs | null): void {
    if (timerMs !== null) this.#lastTimerMs = timerMs
  }

  /** Folds the events that nothing can be put before any more into the base. Judged at each entry, by its log time: batches do not matter. */
  #moveBase(receivedMs: EpochMs): void {
    const count = this.timeline.baseLength(receivedMs)
    if (count < baseEventsMin) return
    const history = knownAt(this.#history, receivedMs)
    const messagesBefore = this.#base?.messageIds ?? []
    const messages = new Messages(messagesBefore, this.timeline.events)
    const sessions = new ContactSessions(this.id)
    const opening = this.#opening(messages)
    sessions.restart(this.#base ?? null, { ...this.#foldsWith(), opening, history })
    sessions.renew()
    const moved = this.timeline.events.slice(0, count)
    for (const { event } of moved)
      sessions.pass(event, this.#history.configAt(event.timeMs), messages)
    const { event: last } = moved.at(-1)!
    this.#leavePast(sessions, receivedMs)
    this.#base = { ...sessions.keep(), last, messageIds: baseMessageIds(messagesBefore, moved) }
    this.timeline.dropBase(count)
    if (this.#folded >= count) this.#folded -= count
    else this.#stands = false
    this.journalStale = true
  }

  /** Sessions of a thread that are past their lifetime need no more room. `base`: the sessions that no late event can reach. */
  #leavePast(base: ContactSessions, nowMs: EpochMs): void {
    const kept = base.past.find((state) => nowMs < state.overSinceMs! + lifetimeMs(state))
    const first = kept ?? base.context.state
    base.leave(first.session)
    this.#sessions.leave(first.session)
  }

  /** A thread goes on after its lifetime: with the next session, and without a look at what was before. @returns whether it does by this event. */
  #returns(event: CanonicalEvent, { thread }: ExpiredContact): boolean {
    const config = this.#history.configAt(event.timeMs)
    if (thread === undefined || !mayBeginSession(config, event)) return false
    if (compareEvents(event, thread.last) <= 0) return false
    const { last } = thread
    const state = wholeState(thread.state)
    this.#expired = null
    this.#base = { state, rows: { credits: [], rows: [] }, last, messageIds: [] }
    this.#timeline = new Timeline(last)
    this.#sessions.leaveAll(wholeState(thread.state))
    this.#appealedDays = []
    this.#stands = false
    return true
  }

  #expireAt(nowMs: EpochMs, state: ContactState): void {
    const endMs = this.#endMs(state)
    if (this.isBlank || !isOver(state) || nowMs < endMs) return
    this.#expiredMs = endMs
    const last = this.timeline.events.at(-1)?.event ?? this.timeline.baseLast
    this.#expired =
      last !== null && isOfThread(this.#history.configAt(last.timeMs), last)
        ? { expired: true, thread: { state: sparseState(nextSession(state)), last } }
        : { expired: true }
    this.journalStale = true
  }

  /** A contact that an entry finds past its lifetime is expired, whether or not its wake has come round. */
  #expireBy(receivedMs: EpochMs): void {
    if (receivedMs >= this.#changedMs + contactRetentionMs && !this.isBlank) this.settle(receivedMs)
  }

  /** Of one that is over: when its lifetime is. */
  #endMs(state: ContactState): EpochMs {
    const endMs = (this.#changedMs + lifetimeMs(state)) as EpochMs
    return keptForAppeals(endMs, this.#appealedDays, contactRetentionMs)
  }

  #takeOpen(now: ContactOpen): ContactChange['open'] {
    const before = this.#open
    if (equalContactOpen(before, now)) return null
    this.#open = now
    return { before, now }
  }
}

/** Of what has not begun nothing but surveys is known. */
function isOver(state: ContactState): boolean {
  return state.phase !== 'open' || state.discarded || state.startedMs === null
}

/** In log time, after the last entry that changed a contact that is over. */
function lifetimeMs(state: ContactState): number {
  return Math.max(contactRetentionMs, (state.firstResolution?.windowMs ?? 0) + reorderHorizonMs)
}
