import { type ConfigHistory, knownAt, nextKnownMs } from '../../config/business-time.ts'
import type { TenantConfig } from '../../config/tenant-config.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import { restoreRows, storeRows, type StoredRows } from '../../subjects/row-codec.ts'
import { keyOfRow, type Row } from '../../subjects/row.ts'
import { equalRows, RowSet, type RowChange } from '../../subjects/row-set.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { compareEvents } from '../timeline/order.ts'
import { reorderHorizonMs, Timeline, type Insertion, type Received } from '../timeline/timeline.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import { renewClocks } from './clocks.ts'
import { contactRow } from './contact-row.ts'
import { creditOf, currentCredit, type ContactContext } from './context.ts'
import { contactOpen, equalContactOpen, noContactOpen, type ContactOpen } from './open.ts'
import {
  contactOutputs,
  equalOutputs,
  nextOutputMs,
  type ContactOutput,
  type OutputChange,
} from './outputs.ts'
import {
  copyContactState,
  newContactState,
  sparseState,
  wholeState,
  type ContactState,
} from './state.ts'
import { partRows } from './part-rows.ts'
import { baseMessageIds, Messages } from './messages.ts'
import { stepContact, stepEdit } from './step.ts'
import { renewResolving } from './resolving.ts'
import { nextTimerMs, passTimers } from './timers.ts'
import { contactWaits, isWaiting, type ContactWaits } from './waits.ts'

/** How long a contact is kept after the last entry that changed it, at least: late events of an older one are refused `expired`. */
export const contactRetentionMs = 35 * dayMs
/** The base moves once this many events are past the horizon: each move rewrites the journal. */
const baseEventsMin = 32

/** The folded events that nothing can be put before any more. */
type Base = {
  readonly state: ContactState
  readonly rows: StoredRows
  readonly last: CanonicalEvent
  /** Ids of its messages: a later event of one of them is an edit. */
  readonly messageIds: readonly string[]
}

/**
 * What the store holds of a contact beside its journal: enough to fold it again to what it contributed (`settledMs` is the log time of the last fold).
 * A contact past its lifetime is a mark.
 */
export type StoredContact =
  { readonly expired: true } | (KeptContact & { readonly state?: undefined })

type KeptContact = {
  readonly expired?: false
  readonly base?: Base
  readonly settledMs: EpochMs
  /** Log time of the last entry that changed it. */
  readonly changedMs: EpochMs
}

/** A settled contact beside its journal, as plain data: a contact goes on from it, and nothing is folded anew. */
export type ContactImage = KeptContact & {
  /** `sparseState` */
  readonly state: Partial<ContactState>
  readonly rows: StoredRows
  /** `null`: no timer has passed. */
  readonly lastTimerMs: EpochMs | null
  /** Of its timeline: with them and the messages' ids, it goes on without a look at the events. */
  readonly identities: readonly number[]
  readonly messageIds: readonly string[]
}

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
  readonly timeline: Timeline
  #base: Base | undefined
  #rows = new RowSet()
  #context: ContactContext | null = null
  /** Events of the timeline that are in the state. */
  #folded = 0
  #lastTimerMs = -Infinity
  #messages = new Messages([], [])
  #outputs: readonly ContactOutput[] = []
  #open: ContactOpen = noContactOpen
  #settledMs = 0 as EpochMs
  #changedMs: EpochMs
  /** How many changes of the configuration its due instants take into account. */
  #knownChanges = 0
  #expired: boolean
  /** The base moved: the journal is to be rewritten, not appended to. */
  journalStale = false

  /**
   * `stored`: what the store holds of it, of which it is folded anew, or what `image` gave, with the events of that timeline. `null`: nothing.
   * `changes`: the configurations after the first one (`ConfigHistory`).
   */
  constructor(
    id: string,
    configAt: (atMs: number) => TenantConfig,
    stored: StoredContact | ContactImage | null,
    journal: readonly Received[],
    changes: ConfigHistory['changes'] = () => [],
  ) {
    this.id = id
    this.#history = { configAt, changes }
    const kept = stored === null || stored.expired === true ? null : stored
    this.#expired = stored?.expired === true
    this.#base = kept?.base
    this.timeline = new Timeline(
      kept?.base?.last ?? null,
      journal,
      kept?.state === undefined ? null : kept.identities,
    )
    this.#changedMs = kept?.changedMs ?? (0 as EpochMs)
    if (kept === null) return
    if (kept.state !== undefined) this.#goOn(kept)
    else {
      this.settle(kept.settledMs)
      this.take(kept.settledMs) // What it contributed: changes are differences to that.
    }
  }

  /** Taken between two folds; `null`: it is not settled, or past its lifetime. */
  image(): ContactImage | null {
    const isSettled =
      this.#context !== null && this.#folded === this.timeline.events.length && !this.journalStale
    if (this.#expired || this.isBlank || !isSettled) return null
    return {
      base: this.#base,
      settledMs: this.#settledMs,
      changedMs: this.#changedMs,
      state: sparseState(this.#context!.state),
      rows: storeRows(this.#rows.rows),
      lastTimerMs: this.#lastTimerMs === -Infinity ? null : (this.#lastTimerMs as EpochMs),
      identities: this.timeline.identities,
      messageIds: this.#messages.ids,
    }
  }

  /** Nothing was ever accepted: there is nothing to store. */
  get isBlank(): boolean {
    return !this.#expired && this.timeline.events.length === 0 && this.#base === undefined
  }

  insert(received: Received): Insertion | { readonly kind: 'refused'; readonly code: 'expired' } {
    // A contact that this entry finds past its lifetime is expired, whether or not its wake has come round.
    if (received.receivedMs >= this.#changedMs + contactRetentionMs && !this.isBlank)
      this.settle(received.receivedMs)
    if (this.#expired) return { kind: 'refused', code: 'expired' }
    this.#moveBase(received.receivedMs)
    if (this.#opensTooLate(received)) return { kind: 'refused', code: 'before-base' }
    const insertion = this.timeline.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    this.#changedMs = received.receivedMs
    if (!this.#extends(received.event, insertion)) this.#context = null
    return insertion
  }

  /** The event of this identity that the contact holds; `null`: none, or one that stays for good. */
  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    return this.#expired ? null : this.timeline.held(event, nowMs)
  }

  /** Takes a held event out, for one of its identity that stands elsewhere. */
  displace(held: Received, nowMs: EpochMs): void {
    this.timeline.remove(held)
    this.#changedMs = nowMs
    this.#context = null
    this.journalStale = true
  }

  /** Folds what came since, with the timers in between: enough for `waits`, which judges time alone by its own instant. `nowMs`: log time. */
  fold(nowMs: EpochMs = this.#heardMs): void {
    if (this.#expired) return
    const { events } = this.timeline
    const context = this.#context ?? this.#startOver()
    this.#know(context, nowMs)
    for (; this.#folded < events.length; this.#folded += 1) {
      const { event } = events[this.#folded]!
      context.config = this.#history.configAt(event.timeMs)
      this.#passTimers(context, event.timeMs)
      passEvent(context, event, this.#messages)
    }
  }

  /** The last log time that it was told of. */
  get #heardMs(): EpochMs {
    return Math.max(this.#settledMs, this.#changedMs) as EpochMs
  }

  /** What is not yet due comes due by the versions that are known at `nowMs`. */
  #know(context: ContactContext, nowMs: EpochMs): void {
    context.history = knownAt(this.#history, nowMs)
    const changes = context.history.changes().length
    if (changes !== this.#knownChanges) renew(context)
    this.#knownChanges = changes
  }

  /** Folds what came since, and applies the timers up to `nowMs`, the log time. */
  settle(nowMs: EpochMs): void {
    if (this.#expired) return
    this.#settledMs = nowMs
    this.fold(nowMs)
    const context = this.#context!
    context.config = this.#history.configAt(nowMs)
    this.#passTimers(context, nowMs + 1)
    this.#rows.hide(context.state.discarded)
    this.#expireAt(nowMs, context.state)
  }

  /** What changed since the last call. */
  take(nowMs: EpochMs): ContactChange {
    if (this.#expired)
      return { rows: [], outputs: this.#takeFinal(), open: this.#takeOpen(noContactOpen) }
    const state = this.#state()
    const outputs = contactOutputs(this.id, state, nowMs)
    const changes = outputDifferences(this.#outputs, outputs)
    this.#outputs = outputs
    const open = contactOpen(this.id, state, nowMs, this.#changedMs + contactRetentionMs)
    this.#putStateRows(state, nowMs)
    return { rows: this.#rows.takeChanges(), outputs: changes, open: this.#takeOpen(open) }
  }

  /** What it contributes, as of the last `take`: nothing past its lifetime. */
  get told(): Iterable<Row> {
    return this.#expired ? [] : this.#rows.told
  }

  /** Some of its events are folded for good, and no longer on its timeline. */
  get hasBase(): boolean {
    return this.#base !== undefined
  }

  /** When the contact changes, or is given up, by time alone. */
  nextWakeMs(nowMs: EpochMs): EpochMs | null {
    if (this.#expired || this.isBlank) return null
    const state = this.#state()
    const retiresMs = isOver(state)
      ? this.#changedMs + lifetimeMs(state)
      : this.#changedMs + contactRetentionMs
    const nextMs = Math.min(
      nextTimerMs(state) ?? Infinity,
      nextOutputMs(state, nowMs) ?? Infinity,
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
    return !this.#expired && !this.isBlank && isWaiting(this.#state(), nowMs)
  }

  /** What it waits for at `nowMs`, with the events of the last `fold` or `settle`; `null`: nothing that anybody is to watch. */
  waits(nowMs: EpochMs): ContactWaits | null {
    if (this.#expired || this.isBlank) return null
    return contactWaits(this.#state(), nowMs, knownAt(this.#history, this.#heardMs))
  }

  /** Where it stands, also of a contact that nobody watches; `null`: nothing is known of it any more, or yet. */
  dimensions(): DimensionValues | null {
    if (this.#expired || this.isBlank) return null
    const state = this.#state()
    return creditOf(state, currentCredit(state))
  }

  store(): StoredContact {
    if (this.#expired) return { expired: true }
    return { base: this.#base, settledMs: this.#settledMs, changedMs: this.#changedMs }
  }

  get isExpired(): boolean {
    return this.#expired
  }

  /** It goes on. */
  get isOpen(): boolean {
    return this.#context !== null && !this.#expired && !isOver(this.#context.state)
  }

  #goOn({ settledMs, state: sparse, rows, lastTimerMs, messageIds }: ContactImage): void {
    const state = wholeState(sparse)
    this.#rows = new RowSet(restoreRows(rows), state.discarded)
    this.#messages = new Messages(this.#base?.messageIds ?? [], [], messageIds)
    const history = knownAt(this.#history, settledMs)
    this.#knownChanges = history.changes().length
    // It has begun: no step asks for its opening.
    const config = this.#history.configAt(settledMs)
    this.#context = { state, rows: this.#rows, opening: null, config, history }
    this.#folded = this.timeline.events.length
    this.#lastTimerMs = lastTimerMs ?? -Infinity
    this.#settledMs = settledMs
    this.#outputs = contactOutputs(this.id, state, settledMs)
    this.#open = contactOpen(this.id, state, settledMs, this.#changedMs + contactRetentionMs)
  }

  #state(): ContactState {
    if (this.#context === null)
      throw new Error(`contact ${this.id} was asked before it was settled`)
    return this.#context.state
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
    return event.type !== 'contact.opened' || this.#context === null || this.#context.state.explicit
  }

  /**
   * The opening says what the whole contact is, so that it can no longer come, or be moved, once part of the contact is beyond the horizon. An opening
   * behind the one that there is says nothing.
   */
  #opensTooLate({ event, receivedMs }: Received): boolean {
    if (event.type !== 'contact.opened') return false
    const isWholeOpen = this.#base === undefined && this.timeline.baseLength(receivedMs) === 0
    if (isWholeOpen || (this.#base?.state.openedMs ?? null) !== null) return false
    const opening = this.#opening()
    return opening === null || compareEvents(event, opening) < 0
  }

  #opening(): CanonicalEvent | null {
    return this.timeline.events.find(({ event }) => event.type === 'contact.opened')?.event ?? null
  }

  #startOver(): ContactContext {
    this.#rows.replaceAll(this.#base === undefined ? [] : restoreRows(this.#base.rows))
    this.#folded = 0
    this.#lastTimerMs = -Infinity
    this.#messages = new Messages(this.#base?.messageIds ?? [], this.timeline.events)
    this.#context = {
      state: this.#baseState(),
      rows: this.#rows,
      opening: this.#opening(),
      config: this.#history.configAt(0),
      history: this.#history,
    }
    this.#knownChanges = 0 // What the base knew.
    return this.#context
  }

  /** Those that follow from the state, and the log time. */
  #putStateRows(state: ContactState, nowMs: EpochMs): void {
    this.#putStateRow('contact', contactRow(state, nowMs))
    for (const row of partRows(state)) this.#putStateRow(keyOfRow(row), row)
  }

  #putStateRow(key: string, row: Row): void {
    const told = this.#rows.get(key)
    if (told === undefined || !equalRows(told, row)) this.#rows.put(row)
  }

  /** A copy: a base is never mutated. */
  #baseState(): ContactState {
    return this.#base === undefined ? newContactState() : copyContactState(this.#base.state)
  }

  #passTimers(context: ContactContext, beforeMs: number): void {
    const lastMs = passTimers(context, beforeMs)
    if (lastMs !== null) this.#lastTimerMs = lastMs
  }

  /** Folds the events that nothing can be put before any more into the base. Judged at each entry, by its log time: batches do not matter. */
  #moveBase(receivedMs: EpochMs): void {
    const count = this.timeline.baseLength(receivedMs)
    if (count < baseEventsMin) return
    const rows = new RowSet(this.#base === undefined ? [] : restoreRows(this.#base.rows))
    const context: ContactContext = {
      state: this.#baseState(),
      rows,
      opening: this.#opening(),
      config: this.#history.configAt(0),
      history: knownAt(this.#history, receivedMs),
    }
    renew(context)
    const messagesBefore = this.#base?.messageIds ?? []
    const messages = new Messages(messagesBefore, this.timeline.events)
    const moved = this.timeline.events.slice(0, count)
    for (const { event } of moved) {
      context.config = this.#history.configAt(event.timeMs)
      passTimers(context, event.timeMs)
      passEvent(context, event, messages)
    }
    const { event: last } = moved.at(-1)!
    this.#base = {
      state: context.state,
      rows: storeRows(rows.rows),
      last,
      messageIds: baseMessageIds(messagesBefore, moved),
    }
    this.timeline.dropBase(count)
    if (this.#folded >= count) this.#folded -= count
    else this.#context = null
    this.journalStale = true
  }

  #expireAt(nowMs: EpochMs, state: ContactState): void {
    if (this.isBlank || !isOver(state) || nowMs < this.#changedMs + lifetimeMs(state)) return
    this.#expired = true
    this.journalStale = true
  }

  #takeFinal(): OutputChange[] {
    const changes = this.#outputs.map((output): OutputChange => ({ output, how: 'final' }))
    this.#outputs = []
    return changes
  }

  #takeOpen(now: ContactOpen): ContactChange['open'] {
    const before = this.#open
    if (equalContactOpen(before, now)) return null
    this.#open = now
    return { before, now }
  }
}

/** What is not yet due comes due by the versions that are known by now. */
function renew(context: ContactContext): void {
  renewClocks(context)
  renewResolving(context)
}

function passEvent(context: ContactContext, event: CanonicalEvent, messages: Messages): void {
  const part = messages.partOf(event)
  if (part?.kind === 'edit') stepEdit(context, event)
  else stepContact(context, part?.event ?? event)
}

function isOver(state: ContactState): boolean {
  return state.phase !== 'open' || state.discarded
}

/** In log time, after the last entry that changed a contact that is over. */
function lifetimeMs(state: ContactState): number {
  return Math.max(contactRetentionMs, (state.firstResolution?.windowMs ?? 0) + reorderHorizonMs)
}

function keyOf(output: ContactOutput): string {
  switch (output.kind) {
    case 'engagement':
      return `${output.utcDay}/${output.agentId}`
    case 'handled':
      return `handled/${output.agentId}`
    case 'session':
      return `customer/${output.customerId}`
  }
}

function outputDifferences(
  before: readonly ContactOutput[],
  now: readonly ContactOutput[],
): OutputChange[] {
  if (
    before.length === now.length &&
    now.every((output, place) => equalOutputs(before[place]!, output))
  )
    return []
  const known = new Map(before.map((output) => [keyOf(output), output]))
  const differences: OutputChange[] = []
  for (const output of now) {
    const key = keyOf(output)
    const old = known.get(key)
    known.delete(key)
    if (old === undefined || !equalOutputs(old, output))
      differences.push({ output, how: 'said', before: old ?? null })
  }
  for (const output of known.values()) differences.push({ output, how: 'withdrawn' })
  return differences
}
