import { attributeNames, type Fact, type FactDimensions } from '../measures/measure.ts'
import type { EpochMs } from '../time/time.ts'

/** A fact that came (`sign` 1) or went (−1): what a commit adds to the measures. */
export type FactChange = { readonly fact: Fact; readonly sign: 1 | -1 }

/**
 * The facts that one subject contributes, and what of them changed since the last commit. Change = new facts − stored facts: a fold writes
 * the facts it holds to be true now, the ledger tells what that adds and takes back.
 */
export class Ledger {
  #facts: Map<string, Fact>
  /** Facts as they were committed, for the ids that were touched since; `null` = there was none. */
  #committed: Map<string, Fact | null> = new Map()
  #hidden: boolean

  /** `hidden`: the facts are kept but contribute nothing (a discarded contact, until it is restored). */
  constructor(facts: Iterable<Fact> = [], hidden = false) {
    this.#facts = new Map()
    this.#hidden = hidden
    for (const fact of facts) this.#facts.set(fact.id, fact)
  }

  get facts(): ReadonlyMap<string, Fact> {
    return this.#facts
  }

  put(fact: Fact): void {
    this.#touch(fact.id)
    this.#facts.set(fact.id, fact)
  }

  remove(id: string): void {
    if (!this.#facts.has(id)) return
    this.#touch(id)
    this.#facts.delete(id)
  }

  /** Lets go of a fact for good: what it contributed stays. */
  forget(id: string): void {
    this.#facts.delete(id)
    this.#committed.delete(id)
  }

  hide(hidden: boolean): void {
    if (hidden === this.#hidden) return
    for (const id of this.#facts.keys()) this.#touch(id)
    this.#hidden = hidden
  }

  /** Starts a refold: the facts become `facts`, and what the refold does not put again is taken back. */
  replaceAll(facts: Iterable<Fact>): void {
    if (this.#committed.size === 0 && !this.#hidden) {
      this.#committed = this.#facts // As they are: a contact may have tens of thousands.
      this.#facts = new Map()
    } else {
      for (const id of this.#facts.keys()) this.#touch(id)
      this.#facts.clear()
    }
    for (const fact of facts) this.put(fact)
  }

  /**
   * What changed since the last call, which is now committed. Facts that were put again unchanged are not in it, be it under another id: an event that comes late
   * gives all behind it other ids, and what they add and take back would be the same.
   */
  takeChanges(): FactChange[] {
    const changes: FactChange[] = []
    for (const [id, before] of this.#committed) {
      const now = this.#contributed(id)
      if (before !== null && now !== null && equalFacts(before, now)) continue
      if (before !== null) changes.push({ fact: before, sign: -1 })
      if (now !== null) changes.push({ fact: now, sign: 1 })
    }
    this.#committed = new Map()
    return withoutMoved(changes)
  }

  #touch(id: string): void {
    if (!this.#committed.has(id)) this.#committed.set(id, this.#contributed(id))
  }

  #contributed(id: string): Fact | null {
    return this.#hidden ? null : (this.#facts.get(id) ?? null)
  }
}

/** Of the facts of one instant so many are compared; where there are more, some pairs are left, which is no fault. */
const comparedMax = 32

/** Without pairs that add and take back equal facts. */
function withoutMoved(changes: FactChange[]): FactChange[] {
  if (!changes.some(({ sign }) => sign === -1)) return changes
  const gone = new Map<EpochMs, FactChange[]>()
  for (const change of changes) {
    if (change.sign === 1) continue
    const there = gone.get(change.fact.atMs)
    if (there === undefined) gone.set(change.fact.atMs, [change])
    else there.push(change)
  }
  const moved = new Set<FactChange>()
  for (const change of changes) {
    const there = change.sign === -1 ? undefined : gone.get(change.fact.atMs)
    if (there === undefined) continue
    for (let at = 0; at < Math.min(there.length, comparedMax); at += 1) {
      const one = there[at]!
      if (!equalFacts(one.fact, change.fact)) continue
      moved.add(one).add(change)
      there[at] = there.at(-1)!
      there.pop()
      break
    }
  }
  return changes.filter((change) => !moved.has(change))
}

export function equalFacts(a: Fact, b: Fact): boolean {
  return (
    a === b ||
    (a.measure.field === b.measure.field &&
      a.measure.family === b.measure.family &&
      a.atMs === b.atMs &&
      a.endMs === b.endMs &&
      a.value === b.value &&
      a.scope === b.scope &&
      equalDimensions(a.dimensions, b.dimensions))
  )
}

export function equalDimensions(a: FactDimensions, b: FactDimensions): boolean {
  if (a === b) return true
  const queuesA = a.queue
  const queuesB = b.queue
  const sameQueue =
    queuesA === queuesB ||
    (typeof queuesA === 'object' &&
      typeof queuesB === 'object' &&
      queuesA.length === queuesB.length &&
      queuesA.every((queue, index) => queue === queuesB[index]))
  return (
    sameQueue &&
    a.agent === b.agent &&
    a.channel === b.channel &&
    a.class === b.class &&
    attributeNames.every((name) => a[name] === b[name])
  )
}
