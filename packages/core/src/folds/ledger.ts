import { attributeNames, type Fact, type FactDimensions } from '../measures/measure.ts'

/** A fact that came (`sign` 1) or went (−1): what a commit adds to the measures. */
export type FactChange = { readonly fact: Fact; readonly sign: 1 | -1 }

/**
 * The facts that one subject contributes, and what of them changed since the last commit. Change = new facts − stored facts: a fold writes
 * the facts it holds to be true now, the ledger tells what that adds and takes back.
 */
export class Ledger {
  #facts: Map<string, Fact>
  /** Facts as they were committed, for the ids that were touched since; `null` = there was none. */
  #committed = new Map<string, Fact | null>()
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
    for (const id of this.#facts.keys()) this.#touch(id)
    this.#facts.clear()
    for (const fact of facts) this.put(fact)
  }

  /** What changed since the last call, which is now committed. Facts that were put again unchanged are not in it. */
  takeChanges(): FactChange[] {
    const changes: FactChange[] = []
    for (const [id, before] of this.#committed) {
      const now = this.#contributed(id)
      if (before !== null && now !== null && equalFacts(before, now)) continue
      if (before !== null) changes.push({ fact: before, sign: -1 })
      if (now !== null) changes.push({ fact: now, sign: 1 })
    }
    this.#committed.clear()
    return changes
  }

  #touch(id: string): void {
    if (!this.#committed.has(id)) this.#committed.set(id, this.#contributed(id))
  }

  #contributed(id: string): Fact | null {
    return this.#hidden ? null : (this.#facts.get(id) ?? null)
  }
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
