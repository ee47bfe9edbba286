import type { Fact } from '../../measures/measure.ts'
import { minuteMs, slotMs, type EpochMs } from '../../time/time.ts'
import { equalFacts } from '../ledger.ts'
import type { Progress, Sweep } from './sweep.ts'

/** A quarter-hour whose facts differ from those of the refold before. */
export type AgentSlotChange = { readonly startMs: EpochMs; readonly before: readonly Fact[]; readonly after: readonly Fact[] }

/** A place where a sweep may begin: how things stood before anything that happens at `atMs`, and what its slot had contributed by then. */
export type Resumption = { readonly atMs: EpochMs; readonly before: Progress; readonly facts: readonly Fact[] }

/** `facts`: in order of time, none across the slot's bounds. */
type FoldedSlot = { readonly startMs: EpochMs; readonly before: Progress; readonly facts: readonly Fact[] }

const noFacts: readonly Fact[] = []

/**
 * The quarter-hours of a day folded so far. A later fold resumes at the start of any of them, and in the last one, where most changes are, at
 * every minute.
 */
export class FoldedSlots {
  readonly #dayStartMs: EpochMs
  readonly #dayEndMs: EpochMs
  #slots: FoldedSlot[] = []
  /** Minutes of the last slot but its first, ascending. */
  #minutes: Resumption[] = []

  constructor(dayStartMs: EpochMs, dayEndMs: EpochMs) {
    this.#dayStartMs = dayStartMs
    this.#dayEndMs = dayEndMs
  }

  *facts(): Generator<Fact> {
    for (const slot of this.#slots) yield* slot.facts
  }

  /** The last place where everything before `fromMs` still stands; `null`: only the day's start. */
  resumption(fromMs: EpochMs): Resumption | null {
    const minute = this.#minutes.findLast(({ atMs }) => atMs <= fromMs)
    if (minute !== undefined) return minute
    const slot = this.#slots[Math.min(this.#indexOf(fromMs), this.#slots.length - 1)]
    return slot === undefined || slot.startMs === this.#dayStartMs ? null : { atMs: slot.startMs, before: slot.before, facts: [] }
  }

  /** Replaces what was folded from `resumed` on, where `sweep` stands, with a fold up to `untilMs`. `null`: the whole day. */
  refold(resumed: Resumption | null, sweep: Sweep, untilMs: EpochMs): AgentSlotChange[] {
    const fromMs = resumed?.atMs ?? this.#dayStartMs
    const first = this.#indexOf(fromMs)
    const replaced = this.#slots.splice(first)
    this.#minutes = this.#minutes.filter(({ atMs }) => atMs <= fromMs)
    for (let index = first; this.#startOf(index) <= untilMs && this.#startOf(index) < this.#dayEndMs; index += 1) {
      const startMs = this.#startOf(index)
      const isResumed = index === first && startMs < fromMs
      const before = isResumed ? replaced[0]!.before : sweep.progress
      const facts = isResumed ? [...resumed!.facts] : []
      this.#foldSlot(startMs, isResumed ? fromMs : startMs, facts, sweep, untilMs)
      this.#slots.push({ startMs, before, facts: facts.length === 0 ? noFacts : facts })
    }
    return changedSlots(replaced, this.#slots.slice(first))
  }

  /** Adds to `facts` what the slot contributes from `fromMs` on. */
  #foldSlot(startMs: EpochMs, fromMs: EpochMs, facts: Fact[], sweep: Sweep, untilMs: EpochMs): void {
    const endMs = (startMs + slotMs) as EpochMs
    if (endMs <= untilMs) {
      this.#minutes = []
      sweep.over(fromMs, endMs, facts)
      sweep.seal(endMs, facts)
      return
    }
    let atMs = fromMs
    while (atMs + minuteMs <= untilMs) {
      const nextMs = (atMs + minuteMs) as EpochMs
      sweep.over(atMs, nextMs, facts)
      const known = this.#minutes.at(-1)?.facts ?? noFacts // Those of a minute before begin with the same.
      this.#minutes.push({ atMs: nextMs, before: sweep.progress, facts: known.length === facts.length ? known : [...facts] })
      atMs = nextMs
    }
    sweep.over(atMs, (untilMs + 1) as EpochMs, facts) // With what happens at the instant itself.
  }

  #indexOf(atMs: EpochMs): number {
    return Math.max(0, Math.floor((Math.min(atMs, this.#dayEndMs - 1) - this.#dayStartMs) / slotMs))
  }

  #startOf(index: number): EpochMs {
    return (this.#dayStartMs + index * slotMs) as EpochMs
  }
}

/** Compares what two folds say of the same stretch of slots; either may reach further. */
function changedSlots(before: readonly FoldedSlot[], after: readonly FoldedSlot[]): AgentSlotChange[] {
  const changes: AgentSlotChange[] = []
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const { startMs } = (after[index] ?? before[index])!
    const change = { startMs, before: before[index]?.facts ?? [], after: after[index]?.facts ?? [] }
    if (!sameFacts(change.before, change.after)) changes.push(change)
  }
  return changes
}

function sameFacts(a: readonly Fact[], b: readonly Fact[]): boolean {
  return a.length === b.length && a.every((fact, index) => fact.id === b[index]!.id && equalFacts(fact, b[index]!))
}
