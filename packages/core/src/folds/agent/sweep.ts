import type { CanonicalEvent } from '../../events/event.ts'
import type { AgentTimeRow } from '../../subjects/row.ts'
import { bucketStart, slotMs, type EpochMs } from '../../time/time.ts'
import { classOf } from './agent-class.ts'
import type { AgentCredit } from './agent-credit.ts'
import { contactsMax } from './channel-states.ts'
import type { ContactMarks, SpanMarks } from './contact-marks.ts'
import { signOutDue, type AgentTimeouts, type SignOutDue } from './sign-out.ts'
import {
  afterContact,
  afterEvent,
  afterMention,
  afterOffers,
  sameQueues,
  signedOut,
  type ClassRun,
  type SignOutCause,
  type Standing,
} from './standing.ts'

/** The agent was set offline at `atMs` because of a timeout. */
export type AgentSignOut = { readonly atMs: EpochMs; readonly by: SignOutCause }

/** How things stand before anything that happens at an instant. `signOuts`: those of the day so far, ascending. */
export type Progress = { readonly standing: Standing; readonly signOuts: readonly AgentSignOut[] }

export type SweepInputs = {
  readonly credit: AgentCredit
  /** In timeline order; those before the sweep's start are passed over. */
  readonly events: readonly CanonicalEvent[]
  readonly marks: ContactMarks
  /** -Infinity: none. */
  readonly heartbeatMs: number
  readonly timeouts: AgentTimeouts
}

/**
 * Walks over the instants at which something happens to an agent. At an instant the agent's events apply first, then spans, mentions and offers, then a
 * timeout; the class from there on follows.
 */
export class Sweep {
  readonly #inputs: SweepInputs
  #standing: Standing
  #signOuts: readonly AgentSignOut[]
  #progress: Progress
  #event: number
  #mention: number
  readonly #engaged: SpanCursor
  readonly #calls: SpanCursor

  /** `before`: before anything that happens at `fromMs`. */
  constructor(inputs: SweepInputs, fromMs: EpochMs, before: Progress) {
    this.#inputs = inputs
    this.#standing = before.standing
    this.#signOuts = before.signOuts
    this.#progress = before
    this.#event = firstAtOrAfter(inputs.events, fromMs)
    this.#mention = inputs.marks.mentions.firstFrom(fromMs)
    this.#engaged = new SpanCursor(inputs.marks.engaged, fromMs)
    this.#calls = new SpanCursor(inputs.marks.calls, fromMs)
  }

  /** The same object as long as nothing happens: most minutes and quarter-hours of a day hold on to it. */
  get progress(): Progress {
    const { standing, signOuts } = this.#progress
    if (standing !== this.#standing || signOuts !== this.#signOuts) {
      this.#progress = { standing: this.#standing, signOuts: this.#signOuts }
    }
    return this.#progress
  }

  /**
   * Goes over [fromMs, toMs), which lies in one slot and follows what it went over before. What is over goes to `rows`: of a run that began in an
   * earlier slot, the part in this one.
   */
  over(fromMs: EpochMs, toMs: EpochMs, rows: AgentTimeRow[]): void {
    for (let atMs = fromMs; atMs < toMs; atMs = this.nextInstantMs() as EpochMs) {
      this.#apply(atMs)
      this.#classify(atMs, rows)
    }
  }

  /** At a slot's end, what goes on is contributed up to there. */
  seal(slotEndMs: EpochMs, rows: AgentTimeRow[]): void {
    if (this.#standing.run !== null)
      this.#contribute(this.#standing.run, slotEndMs - slotMs, slotEndMs, rows)
  }

  /** The next instant after `untilMs`, where the sweep stopped, at which the result changes with no new input, early at times, never late; Infinity: none. */
  nextWakeMs(untilMs: EpochMs): number {
    const { state, signedInAtMs } = this.#standing
    if (state === null) return this.#nextEventMs()
    const boundaryMs = signedInAtMs === null ? Infinity : bucketStart(untilMs, slotMs) + slotMs // What goes on is contributed up to there.
    return Math.min(this.nextInstantMs(), boundaryMs)
  }

  #apply(atMs: EpochMs): void {
    const { events } = this.#inputs
    for (; this.#nextEventMs() <= atMs; this.#event += 1)
      this.#standing = afterEvent(this.#standing, events[this.#event]!)
    this.#engaged.passTo(atMs)
    this.#calls.passTo(atMs)
    for (; this.#nextMentionMs() <= atMs; this.#mention += 1) {
      const heard = afterMention(this.#standing, atMs)
      this.#standing = this.#engaged.isInside ? afterContact(heard, atMs) : heard
    }
    const { accepted, missed } = this.#inputs.marks
    this.#standing = afterOffers(this.#standing, accepted.countAt(atMs), missed.countAt(atMs), atMs)
    const due = this.#signOutDue()
    if (due.atMs > atMs) return
    this.#standing = signedOut(this.#standing, due.by, atMs)
    this.#signOuts = [...this.#signOuts, { atMs, by: due.by }]
  }

  #classify(atMs: EpochMs, rows: AgentTimeRow[]): void {
    const { run, state, queues } = this.#standing
    const contacts = this.#engaged.count
    const now = classOf(state, contacts > 0)
    if (now === null && run === null) return
    const capacity = contactsMax(this.#standing.capacity)
    if (
      run !== null &&
      run.class === now &&
      run.contacts === contacts &&
      run.capacity === capacity &&
      sameQueues(run.queues, queues)
    )
      return
    if (run !== null) this.#contribute(run, bucketStart(atMs, slotMs), atMs, rows)
    this.#standing = {
      ...this.#standing,
      run: now === null ? null : { class: now, sinceMs: atMs, queues, contacts, capacity },
    }
  }

  /** The part of `run` within [slotStartMs, toMs); at a slot's very start it was sealed before. */
  #contribute(run: ClassRun, slotStartMs: number, toMs: EpochMs, rows: AgentTimeRow[]): void {
    const fromMs = Math.max(run.sinceMs, slotStartMs) as EpochMs
    if (fromMs >= toMs) return
    rows.push({
      grain: 'agent-time',
      class: run.class,
      contacts: run.contacts,
      capacity: run.capacity,
      fromMs,
      toMs,
      credit: this.#inputs.credit.in(run.queues),
    })
  }

  #nextEventMs(): number {
    return this.#inputs.events[this.#event]?.timeMs ?? Infinity
  }

  #nextMentionMs(): number {
    return this.#inputs.marks.mentions.at(this.#mention) ?? Infinity
  }

  /** Not before the end of a call, which is an instant of its own. */
  #signOutDue(): SignOutDue {
    const due = signOutDue(this.#standing, this.#inputs.heartbeatMs, this.#inputs.timeouts)
    return this.#calls.isInside ? { ...due, atMs: Infinity } : due
  }

  /** The next instant at which something happens; Infinity: none. */
  nextInstantMs(): number {
    return Math.min(
      this.#nextEventMs(),
      this.#nextMentionMs(),
      this.#engaged.nextMs(),
      this.#signOutDue().atMs,
    )
  }
}

/** Where a sweep is among the bounds of spans. */
class SpanCursor {
  readonly #marks: SpanMarks
  #start: number
  #end: number

  /** Before anything that happens at `fromMs`. */
  constructor(marks: SpanMarks, fromMs: EpochMs) {
    this.#marks = marks
    this.#start = marks.starts.firstFrom(fromMs)
    this.#end = marks.ends.firstFrom(fromMs)
  }

  get isInside(): boolean {
    return this.count > 0
  }

  /** How many spans it is inside of. */
  get count(): number {
    return this.#start - this.#end
  }

  passTo(atMs: EpochMs): void {
    while (this.#nextStartMs() <= atMs) this.#start += 1
    while (this.#nextEndMs() <= atMs) this.#end += 1
  }

  nextMs(): number {
    return Math.min(this.#nextStartMs(), this.#nextEndMs())
  }

  #nextStartMs(): number {
    return this.#marks.starts.at(this.#start) ?? Infinity
  }

  #nextEndMs(): number {
    return this.#marks.ends.at(this.#end) ?? Infinity
  }
}

function firstAtOrAfter(events: readonly CanonicalEvent[], fromMs: EpochMs): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events[middle]!.timeMs < fromMs) low = middle + 1
    else high = middle
  }
  return low
}
