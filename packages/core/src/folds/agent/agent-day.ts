import type { CanonicalEvent } from '../../events/event.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import { type RowChange, RowSet } from '../../subjects/row-set.ts'
import type { Row } from '../../subjects/row.ts'
import { dayMs, type EpochMs, slotMs } from '../../time/time.ts'
import { compareEvents } from '../timeline/order.ts'
import { openOf, type AgentDayView } from './agent-day-view.ts'
import { AgentCredit } from './agent-credit.ts'
import { encodeAgentCarry, unknownAgentCarry, type AgentCarry } from './agent-carry.ts'
import { ContactMarks } from './contact-marks.ts'
import { ContactParts } from './contact-parts.ts'
import type { EngagementChange } from './engagement.ts'
import { HandledDays } from './handled-days.ts'
import { FoldedSlots, type AgentSlotChange, type Resumption } from './folded-slots.ts'
import { type FoldedDay, ShiftDay } from './shift-day.ts'
import type { AgentTimeouts } from './sign-out.ts'
import { SlotRows } from './slot-rows.ts'
import { staffingRows } from './staffing.ts'
import { type AgentStretch, joinStretches, stretchesOver } from './stretches.ts'
import { Sweep, type SweepInputs } from './sweep.ts'

const utcDateOf = (atMs: EpochMs): string => new Date(atMs).toISOString().slice(0, 10)

/** `changedRows`: of all grains but that of the slots. */
export type AgentDayChange = AgentDayView & {
  readonly changedSlots: readonly AgentSlotChange[]
  readonly changedRows: readonly RowChange[]
}

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
  readonly #parts = new ContactParts()
  readonly #handled = new HandledDays()

  readonly #folded: FoldedSlots
  /** Beside those of the slots. */
  readonly #rows = new RowSet()
  readonly #staffing = new SlotRows(this.#rows)
  readonly #newShifts: () => ShiftDay
  /** Most days have none: `null`. */
  #shifts: ShiftDay | null = null
  /** Everything before it stands as folded. */
  #validToMs: number

  /** `dateOf`: the local date of an instant that has come. */
  constructor(
    agentId: string,
    dayStartMs: EpochMs,
    timeouts: AgentTimeouts,
    dateOf: (atMs: EpochMs) => string = utcDateOf,
  ) {
    this.#credit = new AgentCredit(agentId)
    this.#startMs = dayStartMs
    this.#endMs = (dayStartMs + dayMs) as EpochMs
    this.#timeouts = timeouts
    this.#folded = new FoldedSlots(dayStartMs, this.#endMs)
    const day = { startMs: dayStartMs, endMs: this.#endMs }
    this.#newShifts = () => new ShiftDay(agentId, day, dateOf, this.#rows)
    this.#validToMs = dayStartMs
  }

  /** How many instants contacts say of the day. */
  get marks(): number {
    return this.#marks.count
  }

  /** How much is said of the day beside instants: parts of contacts, where they were handled, shifts, and dates. */
  get parts(): number {
    return this.#parts.count + this.#handled.count + (this.#shifts?.count ?? 0)
  }

  /** All that contacts and shifts say of the day. */
  wholeEngagement(): EngagementChange {
    const [parts, handled] = [this.#parts.whole(), this.#handled.whole()]
    return { ...this.#marks.whole(), parts, handled, ...this.#shifts?.whole() }
  }

  /** How many rows the last refold left. */
  get rowCount(): number {
    return this.#folded.rowCount + this.#rows.size
  }

  get carryIn(): AgentCarry {
    return this.#carryIn
  }

  /** `null`: nothing is known from before. */
  setCarryIn(carry: AgentCarry | null): void {
    const next = carry ?? unknownAgentCarry
    const before = this.#carryIn
    if (encodeAgentCarry(next) === encodeAgentCarry(before)) return
    this.#carryIn = next
    this.#parts.carryIn(next.parts)
    this.#shifts?.carryIn(next.shifts)
    const { parts, shifts } = before // They have nothing to do with how the agent stands.
    if (encodeAgentCarry({ ...next, parts, shifts }) !== encodeAgentCarry(before))
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

  /** A contact, a shift or an attendance says something else than before. */
  changeEngagement(change: EngagementChange): void {
    this.#changedFrom(this.#marks.apply(change))
    for (const part of change.parts ?? []) this.#changedFrom(this.#parts.apply(part))
    for (const handled of change.handled ?? []) this.#handled.apply(handled)
    for (const shift of change.shifts ?? []) this.#withShifts().putShift(shift)
    for (const date of change.dates ?? []) this.#withShifts().putDate(date)
  }

  /** What the agent's rows and intervals are credited to while it serves these queues. */
  creditIn(queues: readonly string[]): DimensionSet {
    return this.#credit.in(queues)
  }

  /** The rows as of the last refold: those of the slots in order of time, then all others. */
  *rows(): Generator<Row> {
    yield* this.#folded.rows()
    yield* this.#rows.rows
  }

  /** How the agent stood on this day before `untilMs`, at most to the day's end, in order and without gaps, from its first state on. */
  stretches(untilMs: EpochMs): AgentStretch[] {
    const stopMs = Math.min(untilMs, this.#endMs) as EpochMs
    return joinStretches(
      stretchesOver(this.#sweepFrom(null), { startMs: this.#startMs, endMs: stopMs }),
    )
  }

  /** Folds up to `untilMs` (log time), at most to the day's end. An instant before the day gives what is carried in, with nothing open. */
  refold(untilMs: EpochMs): AgentDayChange {
    const stopMs = Math.min(untilMs, this.#endMs) as EpochMs
    const resumed = this.#folded.resumption(Math.min(this.#validToMs, stopMs) as EpochMs)
    const sweep = this.#sweepFrom(resumed)
    const changedSlots = this.#folded.refold(resumed, sweep, stopMs)
    this.#validToMs = Math.max(stopMs, this.#startMs)
    const fromMs = resumed?.atMs ?? this.#startMs
    this.#staff(fromMs, stopMs)
    this.#shifts?.tell(fromMs, stopMs, this.#foldedDay)
    this.#parts.tell(this.#rows)
    this.#handled.tell(this.#rows)
    return { ...this.#view(sweep, stopMs), changedSlots, changedRows: this.#rows.takeChanges() }
  }

  /** Says of the quarter-hours that were folded from `fromMs` on where their staffed time went, as far as they are over. */
  #staff(fromMs: EpochMs, stopMs: EpochMs): void {
    this.#staffing.stopAt(stopMs)
    const creditIn = (queue: string | null): DimensionSet => this.#credit.inQueue(queue)
    for (const { startMs, rows } of this.#folded.slotsFrom(fromMs)) {
      if (startMs + slotMs > stopMs) break
      const pieces = rows.length > 0 ? this.#parts.piecesIn(startMs) : []
      this.#staffing.put(startMs, staffingRows(startMs, rows, pieces, creditIn))
    }
  }

  #withShifts(): ShiftDay {
    if (this.#shifts !== null) return this.#shifts
    this.#shifts = this.#newShifts()
    this.#shifts.carryIn(this.#carryIn.shifts)
    return this.#shifts
  }

  get #foldedDay(): FoldedDay {
    return {
      slotsFrom: (fromMs) => this.#folded.slotsFrom(fromMs),
      stretchesIn: (startMs) => {
        const [slot] = this.#folded.slotsFrom(startMs)
        if (slot === undefined) return []
        const sweep = new Sweep(this.#sweepInputs, startMs, slot.before)
        return stretchesOver(sweep, { startMs, endMs: (startMs + slotMs) as EpochMs })
      },
    }
  }

  #view(sweep: Sweep, stopMs: EpochMs): AgentDayView {
    const { standing, signOuts } = sweep.progress
    const heartbeatMs = this.#lastHeartbeatMs()
    const contactsNow = standing.state === null ? 0 : this.#marks.engaged.countAt(stopMs)
    const heartbeats = standing.signedInAtMs !== null && heartbeatMs >= standing.signedInAtMs
    return {
      carryOut: {
        ...standing,
        lastHeartbeatMs: heartbeats ? (heartbeatMs as EpochMs) : null,
        parts: this.#parts.carryOut(),
        shifts: stopMs < this.#endMs ? [] : (this.#shifts?.carryOut(this.#foldedDay) ?? []),
      },
      open: stopMs < this.#startMs ? [] : openOf(standing, contactsNow),
      contactsNow,
      nextWakeMs: this.#nextWakeMs(sweep, stopMs),
      signOuts,
    }
  }

  #nextWakeMs(sweep: Sweep, stopMs: EpochMs): EpochMs | null {
    if (stopMs < this.#startMs) return this.#startMs
    if (stopMs >= this.#endMs) return null
    // The time of a quarter-hour goes to queues once it is over, also when the agent has left by then.
    const slotEndMs = this.#folded.runningEndMs(stopMs)
    const { state, signedInAtMs } = sweep.progress.standing
    const shiftMs = state === null ? Infinity : (this.#shifts?.nextWakeMs(stopMs) ?? Infinity) // Also of one who is absent.
    const nextMs = Math.min(sweep.nextWakeMs(stopMs), slotEndMs ?? Infinity, shiftMs)
    if (nextMs < this.#endMs) return nextMs as EpochMs
    // Who is signed in is handed over at midnight.
    const ends = signedInAtMs !== null || slotEndMs !== null || shiftMs === this.#endMs
    return ends ? this.#endMs : null
  }

  #sweepFrom(resumed: Resumption | null): Sweep {
    const before = resumed?.before ?? { standing: this.#carryIn, signOuts: [] }
    return new Sweep(this.#sweepInputs, resumed?.atMs ?? this.#startMs, before)
  }

  get #sweepInputs(): SweepInputs {
    return {
      credit: this.#credit,
      events: this.#events,
      marks: this.#marks,
      heartbeatMs: this.#lastHeartbeatMs(),
      timeouts: this.#timeouts,
    }
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
