import type { CanonicalEvent } from '../../events/event.ts'
import type { Fact } from '../../measures/measure.ts'
import { bucketStart, slotMs, type EpochMs } from '../../time/time.ts'
import { classOf, measureOfClass } from './agent-class.ts'
import type { ContactMarks } from './contact-marks.ts'
import { signOutDue, type AgentTimeouts } from './sign-out.ts'
import { afterEvent, afterMention, sameQueues, signedOut, type ClassRun, type SignOutCause, type Standing } from './standing.ts'

/** The agent was set offline at `atMs` because of a timeout. */
export type AgentSignOut = { readonly atMs: EpochMs; readonly by: SignOutCause }

/** What one quarter-hour contributes: facts in order of time, none across its bounds, and the sign-outs by timeout in it. */
export type SlotFold = { readonly startMs: EpochMs; readonly facts: readonly Fact[]; readonly signOuts: readonly AgentSignOut[] }

export type SweepInputs = {
  readonly agentId: string
  /** In timeline order; those before the sweep's start are passed over. */
  readonly events: readonly CanonicalEvent[]
  readonly marks: ContactMarks
  /** -Infinity: none. */
  readonly heartbeatMs: number
  readonly timeouts: AgentTimeouts
}

/**
 * Walks over the instants at which something happens to an agent, slot by slot. At an instant the agent's events apply first, then mentions and
 * spans, then a timeout; the class from there on follows.
 */
export class Sweep {
  readonly #inputs: SweepInputs
  #standing: Standing
  #event: number
  #mention = 0
  #start = 0
  #end = 0

  /** `standing`: before anything that happens at `fromMs`. */
  constructor(inputs: SweepInputs, fromMs: EpochMs, standing: Standing) {
    this.#inputs = inputs
    this.#standing = standing
    this.#event = firstAtOrAfter(inputs.events, fromMs)
  }

  get standing(): Standing {
    return this.#standing
  }

  /**
   * Goes over the slot at `slotStartMs`; slots follow each other. Where `untilMs` lies in the slot, it stops there, having applied what happens at it, and leaves
   * the run that goes on out of the facts; else what happens at the slot's end is left to the next one, and the facts fill the slot.
   */
  slot(slotStartMs: EpochMs, untilMs: EpochMs): SlotFold {
    const fold = { startMs: slotStartMs, facts: [] as Fact[], signOuts: [] as AgentSignOut[] }
    const slotEndMs = slotStartMs + slotMs
    let atMs = slotStartMs
    for (;;) {
      this.#apply(atMs, fold.signOuts)
      this.#classify(atMs, fold)
      if (atMs >= untilMs) return fold
      const nextMs = Math.min(this.#nextInstantMs(), untilMs)
      if (nextMs >= slotEndMs) break
      atMs = nextMs as EpochMs
    }
    if (this.#standing.run !== null) this.#contribute(this.#standing.run, slotEndMs as EpochMs, fold)
    return fold
  }

  /** The next instant after `untilMs`, where the sweep stopped, at which the result changes with no new input, early at times, never late; Infinity: none. */
  nextWakeMs(untilMs: EpochMs): number {
    const { state, signedInAtMs } = this.#standing
    if (state === null) return this.#nextEventMs()
    const boundaryMs = signedInAtMs === null ? Infinity : bucketStart(untilMs, slotMs) + slotMs // What goes on is contributed up to there.
    return Math.min(this.#nextChangeMs(), boundaryMs)
  }

  #apply(atMs: EpochMs, signOuts: AgentSignOut[]): void {
    const { events, marks, heartbeatMs, timeouts } = this.#inputs
    for (; this.#nextEventMs() <= atMs; this.#event += 1) this.#standing = afterEvent(this.#standing, events[this.#event]!)
    for (; (marks.mentionsMs[this.#mention] ?? Infinity) <= atMs; this.#mention += 1) {
      this.#standing = afterMention(this.#standing, marks.mentionsMs[this.#mention] as EpochMs)
    }
    while ((marks.startsMs[this.#start] ?? Infinity) <= atMs) this.#start += 1
    while ((marks.endsMs[this.#end] ?? Infinity) <= atMs) this.#end += 1
    const due = signOutDue(this.#standing, heartbeatMs, timeouts)
    if (due.atMs > atMs) return
    this.#standing = signedOut(this.#standing, due.by, atMs)
    signOuts.push({ atMs, by: due.by })
  }

  #classify(atMs: EpochMs, fold: { readonly startMs: EpochMs; readonly facts: Fact[] }): void {
    const { run, state, queues } = this.#standing
    const now = classOf(state, this.#start > this.#end)
    if (now === (run?.class ?? null) && (run === null || sameQueues(run.queues, queues))) return
    if (run !== null) this.#contribute(run, atMs, fold)
    this.#standing = { ...this.#standing, run: now === null ? null : { class: now, sinceMs: atMs, queues } }
  }

  /** The part of `run` in this slot, up to `endMs`. */
  #contribute(run: ClassRun, endMs: EpochMs, fold: { readonly startMs: EpochMs; readonly facts: Fact[] }): void {
    const atMs = Math.max(run.sinceMs, fold.startMs) as EpochMs
    if (atMs >= endMs) return
    const agent = this.#inputs.agentId
    fold.facts.push({
      id: `${run.class}/${atMs}`,
      measure: measureOfClass[run.class],
      atMs,
      endMs,
      value: 1,
      dimensions: run.queues.length === 0 ? { agent } : { agent, queue: run.queues },
      scope: 'both',
    })
  }

  #nextEventMs(): number {
    return this.#inputs.events[this.#event]?.timeMs ?? Infinity
  }

  #nextChangeMs(): number {
    const { marks, heartbeatMs, timeouts } = this.#inputs
    return Math.min(
      this.#nextEventMs(),
      marks.startsMs[this.#start] ?? Infinity,
      marks.endsMs[this.#end] ?? Infinity,
      signOutDue(this.#standing, heartbeatMs, timeouts).atMs,
    )
  }

  /** A mention changes nothing at once, but postpones a sign-out. */
  #nextInstantMs(): number {
    return Math.min(this.#nextChangeMs(), this.#inputs.marks.mentionsMs[this.#mention] ?? Infinity)
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
