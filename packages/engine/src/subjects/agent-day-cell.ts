import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { journalKey, openField, stateKey, type Subject } from '@deskpulse/core/state'
import {
  type AgentCarry,
  AgentDay,
  type AgentDayChange,
  type AgentStretch,
  type AgentTimeRow,
  contactsMax,
  decodeAgentCarry,
  encodeAgentCarry,
  type EngagementChange,
  equalOpen,
  equalRows,
  type Insertion,
  type OpenSubject,
  type Received,
  type Row,
  stateReasonOf,
  stretchOf,
  Timeline,
  unknownAgentCarry,
  type RowChange,
} from '@deskpulse/core/subjects'
import { dateAt, dayMs, type EpochMs } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import {
  decodeJournal,
  decodeJson,
  encodeJournal,
  encodeJson,
  retainedOf,
  type JournalEntry,
} from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Tenant } from '../partition/tenant.ts'
import { AgentDayLifetime, type StoredLifetime } from './agent-day-lifetime.ts'

/**
 * Beside the journal of events and engagements. The rows are not stored: folding the journal up to `settledMs` gives them. A day past its lifetime is a
 * mark; of an agent's last day it still says what a later one goes on with.
 */
type StoredDay =
  | { readonly expired: true; readonly lifetime: StoredLifetime; readonly carryOut?: string }
  | {
      readonly expired?: false
      readonly lifetime: StoredLifetime
      readonly carryIn: string
      readonly heartbeatMs: EpochMs | null
      readonly settledMs: EpochMs
      readonly open: OpenSubject | null
    }

/** What contacts no longer say stays in the journal until all of it is this much, and so many times what they say. */
const [staleBytesMin, staleShare] = [16 * 1024, 3]

/** About what the objects take: of a day with its quarter-hours, of an event, of an instant that contacts say, of what one says of its part, of a row. */
const [dayBytes, eventBytes, markBytes, partBytes, rowBytes] = [10_400, 800, 12, 500, 280]

/** One agent's UTC day as the worker holds it. */
export class AgentDayCell {
  readonly utcDay: number
  readonly #subject: Subject
  readonly tenant: Tenant
  readonly agentId: string
  readonly #told: ToldDays
  readonly #day: AgentDay
  #config: TenantConfig
  readonly #timeline: Timeline
  #heartbeatMs: EpochMs | null = null
  #settledMs: EpochMs = 0 as EpochMs
  #open: OpenSubject | null = null
  #standing: AgentCarry | null = null
  #unwritten: JournalEntry[] = []
  #journalStale = false
  #journalBytes = 0
  /** Below that, one does not look whether most of the journal is stale. */
  #staleFromBytes = staleBytesMin
  #wakeMs: EpochMs | null | undefined
  #lifetime: AgentDayLifetime
  /** Past its lifetime: what a later day goes on with. */
  #final: AgentCarry | null = null

  constructor(
    tenant: Tenant,
    subject: Subject,
    agentId: string,
    utcDay: number,
    stored: Uint8Array | null,
    journal: Uint8Array | null,
  ) {
    this.tenant = tenant
    this.#subject = subject
    this.agentId = agentId
    this.#told = new ToldDays(tenant, subject)
    this.utcDay = utcDay
    this.#lifetime = new AgentDayLifetime(utcDay)
    const startMs = (utcDay * dayMs) as EpochMs
    // A day that is new may be the tenant's first entry, before any configuration: `settle` asks again.
    this.#config = stored === null ? defaultTenantConfig : tenant.configAt(startMs)
    const dateOf = (atMs: EpochMs): string => dateAt(tenant.localTime, atMs)
    this.#day = new AgentDay(agentId, startMs, this.#config, dateOf)
    const entries = journal === null ? [] : decodeJournal(journal)
    this.#journalBytes = journal?.length ?? 0
    this.#timeline = new Timeline(
      null,
      entries.filter(({ kind }) => kind === 'event').map((entry) => retainedOf(entry, tenant.name)),
    )
    for (const { event } of this.#timeline.events) this.#day.insertEvent(event)
    for (const { kind, text } of entries) {
      if (kind !== 'note') continue
      this.#day.changeEngagement(JSON.parse(text) as EngagementChange)
    }
    if (stored !== null) this.#restore(decodeJson<StoredDay>(stored))
  }

  /** Heartbeats are not held, but for the last one. */
  get hasAllEvents(): boolean {
    return true
  }

  /** The rows that count, as they were committed; past its lifetime none is known. */
  get told(): Iterable<Row> {
    return this.#day.rows()
  }

  /** How the agent stood on the day before `untilMs`; past its lifetime, at most how it stood at the day's end, for no time. */
  stretches(untilMs: EpochMs): AgentStretch[] {
    if (this.#final === null) return this.#day.stretches(untilMs)
    const end = stretchOf(this.#final, { startMs: this.endMs, endMs: this.endMs })
    return end === null || this.endMs >= untilMs ? [] : [end]
  }

  /** The agent's own events of the day. */
  get received(): readonly Received[] {
    return this.#timeline.events
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    const { marks, parts, rowCount } = this.#day
    const ofEvents = eventBytes * this.#timeline.events.length
    return dayBytes + ofEvents + markBytes * marks + partBytes * parts + rowBytes * rowCount
  }

  get endMs(): EpochMs {
    return ((this.utcDay + 1) * dayMs) as EpochMs
  }

  /** How the agent stood at the last settle; `null`: another day says it. Of a day past its lifetime nothing is known. */
  get standing(): AgentCarry | null {
    return this.#standing
  }

  /** Past its lifetime, it takes in nothing more, and says nothing of its agent. */
  get isForgotten(): boolean {
    return this.#final !== null
  }

  /** Nothing is known of the day, nor does the agent carry a sign-in into it: it is as if it had never been. */
  get isVacant(): boolean {
    const isBlank = !this.#lifetime.isTouched && this.#day.marks + this.#day.parts === 0
    return isBlank && this.#day.carryIn.signedInAtMs === null && !this.isForgotten
  }

  /** The log day of the last entry that touched it, or the day before it. */
  get lastDay(): number {
    return this.#lifetime.lastDay
  }

  insert(received: Received): Insertion | { readonly kind: 'refused'; readonly code: 'expired' } {
    const { event, receivedMs } = received
    if (this.#lifetime.isPast(receivedMs)) return { kind: 'refused', code: 'expired' }
    if (event.type === 'agent.heartbeat') {
      if (this.#heartbeatMs !== null && event.timeMs <= this.#heartbeatMs)
        return { kind: 'repeated' }
      this.#day.putHeartbeat(event.timeMs)
      this.#heartbeatMs = event.timeMs
      this.#lifetime.touch(receivedMs)
      return { kind: 'inserted', index: this.#timeline.events.length, replaced: null }
    }
    const insertion = this.#timeline.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    if (insertion.replaced !== null) {
      this.#day.removeEvent(insertion.replaced.event)
      this.#journalStale = true
    }
    this.#day.insertEvent(event)
    this.#lifetime.touch(receivedMs)
    this.#unwritten.push({ kind: 'event', receivedMs, text: received.text })
    return insertion
  }

  /** The event of this identity that the day holds; `null`: none, or one that stays for good. */
  held(event: CanonicalEvent, nowMs: EpochMs): Received | null {
    return this.#lifetime.isPast(nowMs) ? null : this.#timeline.held(event, nowMs)
  }

  /** Takes a held event out, for one of its identity that stands elsewhere. */
  displace(held: Received, nowMs: EpochMs): void {
    this.#timeline.remove(held)
    this.#day.removeEvent(held.event)
    this.#lifetime.touch(nowMs)
    this.#journalStale = true
  }

  /** An event of a contact named the agent on this day. @returns whether that keeps the day longer. */
  touch(logTimeMs: EpochMs): boolean {
    return this.#lifetime.touch(logTimeMs)
  }

  /** A day past its lifetime takes in nothing more: who speaks of it does so too late. */
  changeEngagement(change: EngagementChange, logTimeMs: EpochMs): void {
    if (this.#lifetime.isPast(logTimeMs)) return
    this.#unwritten.push(asEntry(change, logTimeMs))
    this.#day.changeEngagement(change)
  }

  /** `lastDay`: of the day before, as long as which this one is kept if nothing else touches it. @returns whether that changed anything. */
  inherit(lastDay: number): boolean {
    return !this.isForgotten && this.#lifetime.inherit(lastDay)
  }

  /** @returns whether that changed anything. */
  setCarryIn(carry: AgentCarry, logTimeMs: EpochMs): boolean {
    if (
      this.#lifetime.isPast(logTimeMs) ||
      encodeAgentCarry(carry) === encodeAgentCarry(this.#day.carryIn)
    )
      return false
    this.#day.setCarryIn(carry)
    return true
  }

  /** Folds up to log time and says what that changes. `handsOver`: there is a next day, which goes on from midnight with what this one carries out; the last day stands for the agent. */
  settle(
    logTimeMs: EpochMs,
    handsOver: boolean,
    changes: ChangeSet,
    deltas: MeasureDeltas,
  ): AgentCarry {
    const isElsewhere = (handsOver && logTimeMs >= this.endMs) || logTimeMs < this.utcDay * dayMs
    if (this.#final === null) {
      this.#useConfigInForce()
      const view = this.#day.refold(logTimeMs)
      this.#settledMs = logTimeMs
      if (this.isVacant || !this.#lifetime.isPast(logTimeMs)) {
        this.#contribute(view, isElsewhere, handsOver, changes, deltas)
        this.#standing = isElsewhere ? null : view.carryOut
        return view.carryOut
      }
      this.#forget(handsOver ? unknownAgentCarry : view.carryOut, changes)
    }
    this.#standing = isElsewhere ? null : unknownAgentCarry
    return this.#final!
  }

  woken(): void {
    this.#wakeMs = undefined
  }

  #contribute(
    view: AgentDayChange,
    isElsewhere: boolean,
    handsOver: boolean,
    changes: ChangeSet,
    deltas: MeasureDeltas,
  ): void {
    for (const { before, after } of view.changedSlots) {
      const same = sameFirst(before, after)
      const gone = before.slice(same).map((row): RowChange => ({ row, sign: -1 }))
      const come = after.slice(same).map((row): RowChange => ({ row, sign: 1 }))
      deltas.add(this.tenant, [...gone, ...come], this.#told) // One that goes may have the key of one that comes.
    }
    deltas.add(this.tenant, view.changedRows, this.#told)
    this.#putOpen(isElsewhere || this.isVacant ? null : this.#openOf(view), changes)
    if (this.isVacant) this.#erase(changes)
    else this.#write(changes)
    this.#writeWake(this.isVacant ? null : this.#nextWakeMs(view, handsOver), changes)
  }

  #erase(changes: ChangeSet): void {
    changes.put(stateKey(this.#subject), null)
    changes.put(journalKey(this.#subject), null)
  }

  /** What it contributed stays. */
  #forget(final: AgentCarry, changes: ChangeSet): void {
    this.#final = final
    this.#putOpen(null, changes)
    const carryOut = encodeAgentCarry(final)
    const known = carryOut === encodeAgentCarry(unknownAgentCarry) ? {} : { carryOut }
    changes.put(
      stateKey(this.#subject),
      encodeJson({ expired: true, lifetime: this.#lifetime.store(), ...known } satisfies StoredDay),
    )
    changes.put(journalKey(this.#subject), null)
    this.#unwritten = []
    this.#writeWake(null, changes)
  }

  #putOpen(open: OpenSubject | null, changes: ChangeSet): void {
    const row = open?.row ?? this.#open?.row
    if (row !== undefined && !equalOpen(this.#open, open))
      changes.open(this.tenant, this.#subject, openField(row), open)
    this.#open = open
  }

  /** The version at the day's start: none that came later reaches back to it. */
  #useConfigInForce(): void {
    const config = this.tenant.configAt(this.utcDay * dayMs)
    if (config === this.#config) return
    this.#config = config
    this.#day.setTimeouts(config)
  }

  #restore(stored: StoredDay): void {
    this.#lifetime = new AgentDayLifetime(this.utcDay, stored.lifetime)
    if (stored.expired === true) {
      this.#final =
        stored.carryOut === undefined ? unknownAgentCarry : decodeAgentCarry(stored.carryOut)
      return
    }
    this.#day.setCarryIn(decodeAgentCarry(stored.carryIn))
    if (stored.heartbeatMs !== null) this.#day.putHeartbeat(stored.heartbeatMs)
    this.#heartbeatMs = stored.heartbeatMs
    this.#open = stored.open
    this.#day.refold(stored.settledMs) // What it contributed: the next refold reports the difference to this one.
  }

  #openOf(view: AgentDayChange): OpenSubject | null {
    if (view.open.length === 0) return null
    const { queues, capacity, missed } = view.carryOut
    const reason = stateReasonOf(view.carryOut) ?? undefined
    const row = {
      agentId: this.agentId,
      contacts: view.contactsNow,
      capacity: contactsMax(capacity),
      queues,
      missedInARow: missed?.count,
      reason,
    }
    return { row, intervals: view.open, dimensions: this.#day.creditIn(queues) }
  }

  #nextWakeMs(view: AgentDayChange, handsOver: boolean): EpochMs {
    if (this.#settledMs >= this.endMs) return this.#lifetime.endMs
    return view.nextWakeMs ?? (handsOver ? this.endMs : this.#lifetime.endMs)
  }

  #writeWake(wakeMs: EpochMs | null, changes: ChangeSet): void {
    if (wakeMs !== this.#wakeMs) changes.wake(this.#subject, wakeMs)
    this.#wakeMs = wakeMs
  }

  #write(changes: ChangeSet): void {
    const stored: StoredDay = {
      lifetime: this.#lifetime.store(),
      carryIn: encodeAgentCarry(this.#day.carryIn),
      heartbeatMs: this.#heartbeatMs,
      settledMs: this.#settledMs,
      open: this.#open,
    }
    changes.put(stateKey(this.#subject), encodeJson(stored))
    const key = journalKey(this.#subject)
    const appended = encodeJournal(this.#unwritten)
    this.#unwritten = []
    this.#journalBytes += appended.length
    if (this.#journalStale || this.#journalBytes > this.#staleFromBytes)
      this.#rewriteJournal(key, appended, changes)
    else if (appended.length > 0) changes.append(key, appended)
  }

  /** Leaves out what contacts no longer say, when that is most of the journal. */
  #rewriteJournal(key: string, appended: Uint8Array, changes: ChangeSet): void {
    const events = this.#timeline.events.map(({ receivedMs, text }): JournalEntry => ({
      kind: 'event',
      receivedMs,
      text,
    }))
    const engagement = asEntry(this.#day.wholeEngagement(), this.#settledMs)
    const whole = encodeJournal([...events, engagement])
    if (this.#journalStale || this.#journalBytes > staleShare * whole.length) {
      changes.put(key, whole)
      this.#journalBytes = whole.length
      this.#journalStale = false
    } else if (appended.length > 0) changes.append(key, appended)
    this.#staleFromBytes = Math.max(staleBytesMin, staleShare * whole.length)
  }
}

function asEntry(change: EngagementChange, receivedMs: EpochMs): JournalEntry {
  return { kind: 'note', receivedMs, text: JSON.stringify(change) }
}

/** How many rows, from the first on, are the same in both: what changes in a slot is mostly its last one. */
function sameFirst(before: readonly AgentTimeRow[], after: readonly AgentTimeRow[]): number {
  let same = 0
  while (same < before.length && same < after.length && equalRows(before[same]!, after[same]!))
    same += 1
  return same
}
