import type { CanonicalEvent } from '../../events/event.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { AgentTimeRow } from '../../subjects/row.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { compareEvents } from '../timeline/order.ts'
import { openOf, type AgentDayView } from './agent-day-view.ts'
import { AgentCredit } from './agent-credit.ts'
import { encodeAgentCarry, unknownAgentCarry, type AgentCarry } from './agent-carry.ts'
import { ContactMarks } from './contact-marks.ts'
import type { EngagementChange } from './engagement.ts'
import { FoldedSlots, type AgentSlotChange, type Resumption } from './folded-slots.ts'
import type { AgentTimeouts } from './sign-out.ts'
import { Sweep } from './sweep.ts'

export type AgentDayChange = AgentDayView & { readonly changedSlots: readonly AgentSlotChange[] }

/**
 * One agent's UTC day (semantics 13–15): holds what is known and refolds from just before the earliest change. The result depends on what is
 * held and on the instant of the fold alone, not on the order in which it came.
 */
export class AgentDay {
  readonly #credit: AgentCredit
  readonly #startMs: EpochMs
  readonly #endMs: EpochMs
  #timeouts: AgentTimeouts
  #carryIn: AgentCarry = unknownAgentCarry
  #events: CanonicalEvent[] = []
  #heartbeatMs = -Infinity
  readonly #marks = new ContactMarks()

  readonly #folded: FoldedSlots
  /** Everything before it stands as folded. */
  #validToMs: number

  constructor(agentId: string, dayStartMs: EpochMs, timeouts: AgentTimeouts) {
    this.#credit = new AgentCredit(agentId)
    this.#startMs = dayStartMs
    this.#endMs = (dayStartMs + dayMs) as EpochMs
    this.#timeouts = timeouts
    this.#folded = new FoldedSlots(dayStartMs, this.#endMs)
    this.#validToMs = dayStartMs
  }

  /** How many instants contacts say of the day. */
  get marks(): number {
    return this.#marks.count
  }

  /** All that contacts say of the day. */
  wholeEngagement(): EngagementChange {
    return this.#marks.whole()
  }

  /** How many rows the last refold left. */
  get rowCount(): number {
    return this.#folded.rowCount
  }

  get carryIn(): AgentCarry {
    return this.#carryIn
  }

  /** `null`: nothing is known from before. */
  setCarryIn(carry: AgentCarry | null): void {
    const next = carry ?? unknownAgentCarry
    if (encodeAgentCarry(next) === encodeAgentCarry(this.#carryIn)) return
    this.#carryIn = next
    this.#changedFrom(this.#startMs)
  }

  setTimeouts(timeouts: AgentTimeouts): void {
    this.#timeouts = timeouts
    this.#changedFrom(this.#startMs)
  }

  /** An event of this day that is not yet held; its place is that of the timeline. */
  insertEvent(event: CanonicalEvent): void {
    this.#events.splice(this.#placeOf(event), 0, event)
    this.#changedFrom(event.timeMs)
  }

  /** Takes back a held event, for one of the same identity that wins over it. */
  removeEvent(event: CanonicalEvent): void {
    const place = this.#placeOf(event) - 1
    const held = this.#events[place]
    if (held === undefined || compareEvents(held, event) !== 0) return
    this.#events.splice(place, 1)
    this.#changedFrom(event.timeMs)
  }

  /** Keeps the largest. */
  putHeartbeat(atMs: EpochMs): void {
    if (atMs <= this.#heartbeatMs) return
    const before = this.#lastHeartbeatMs()
    this.#heartbeatMs = atMs
    // Timeouts before the last known heartbeat stay: those of sign-ins up to it come after it, the others belong to later sign-ins.
    this.#changedFrom(before)
  }

  /** A contact says something else than before. */
  changeEngagement(change: EngagementChange): void {
    this.#changedFrom(this.#marks.apply(change))
  }

  /** What the agent's rows and intervals are credited to while it serves these queues. */
  creditIn(queues: readonly string[]): DimensionSet {
    return this.#credit.in(queues)
  }

  /** The rows as of the last refold, in order of time. */
  rows(): Iterable<AgentTimeRow> {
    return this.#folded.rows()
  }

  /** Folds up to `untilMs` (log time), at most to the day's end. An instant before the day gives what is carried in, with nothing open. */
  refold(untilMs: EpochMs): AgentDayChange {
    const stopMs = Math.min(untilMs, this.#endMs) as EpochMs
    const resumed = this.#folded.resumption(Math.min(this.#validToMs, stopMs) as EpochMs)
    const sweep = this.#sweepFrom(resumed)
    const changedSlots = this.#folded.refold(resumed, sweep, stopMs)
    this.#validToMs = Math.max(stopMs, this.#startMs)
    return { ...this.#view(sweep, stopMs), changedSlots }
  }

  #view(sweep: Sweep, stopMs: EpochMs): AgentDayView {
    const { standing, signOuts } = sweep.progress
    const heartbeatMs = this.#lastHeartbeatMs()
    const contactsNow = standing.state === null ? 0 : this.#marks.engaged.countAt(stopMs)
    const heartbeats = standing.signedInAtMs !== null && heartbeatMs >= standing.signedInAtMs
    return {
      carryOut: { ...standing, lastHeartbeatMs: heartbeats ? (heartbeatMs as EpochMs) : null },
      open: stopMs < this.#startMs ? [] : openOf(standing, contactsNow),
      contactsNow,
      nextWakeMs: this.#nextWakeMs(sweep, stopMs),
      signOuts,
    }
  }

  #nextWakeMs(sweep: Sweep, stopMs: EpochMs): EpochMs | null {
    if (stopMs < this.#startMs) return this.#startMs
    if (stopMs >= this.#endMs) return null
    const nextMs = sweep.nextWakeMs(stopMs)
    if (nextMs < this.#endMs) return nextMs as EpochMs
    return sweep.progress.standing.signedInAtMs === null ? null : this.#endMs // A signed-in agent is handed over at midnight.
  }

  #sweepFrom(resumed: Resumption | null): Sweep {
    const fromMs = resumed?.atMs ?? this.#startMs
    const inputs = {
      credit: this.#credit,
      events: this.#events,
      marks: this.#marks,
      heartbeatMs: this.#lastHeartbeatMs(),
      timeouts: this.#timeouts,
    }
    return new Sweep(inputs, fromMs, resumed?.before ?? { standing: this.#carryIn, signOuts: [] })
  }

  #lastHeartbeatMs(): number {
    return Math.max(this.#heartbeatMs, this.#carryIn.lastHeartbeatMs ?? -Infinity)
  }

  #changedFrom(atMs: number): void {
    this.#validToMs = Math.min(this.#validToMs, Math.max(atMs, this.#startMs))
  }

  /** Behind the events that sort before or with it. */
  #placeOf(event: CanonicalEvent): number {
    let place = this.#events.length
    while (place > 0 && compareEvents(this.#events[place - 1]!, event) > 0) place -= 1
    return place
  }
}
