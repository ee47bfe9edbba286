import { dimensionSet } from '../measures/dimension-set.ts'
import { familyOf, measureOf, numberOfFamily, type Fact, type FactDimensions, type FactScope } from '../measures/measure.ts'
import type { EpochMs } from '../time/time.ts'
import { equalDimensions } from './ledger.ts'

/** Facts as plain data with the dimensions listed once: [id, family, field, at, value, scope, dimensions]. Facts of contacts and customers are instants. */
export type StoredFacts = {
  readonly dimensions: readonly FactDimensions[]
  readonly facts: readonly (readonly [string, number, number, number, number, number, number])[]
}

const scopes: readonly FactScope[] = ['both', 'wide', 'agent']

export function storeFacts(facts: Iterable<Fact>): StoredFacts {
  const dimensions: FactDimensions[] = []
  const stored: [string, number, number, number, number, number, number][] = []
  for (const { id, measure, atMs, value, scope, dimensions: itsDimensions } of facts) {
    // Few are distinct, and most facts share the object of the one before.
    let number = dimensions.findLastIndex((known) => equalDimensions(known, itsDimensions))
    if (number < 0) number = dimensions.push(itsDimensions) - 1
    stored.push([id, numberOfFamily(measure.family), measure.field, atMs, value, scopes.indexOf(scope), number])
  }
  return { dimensions, facts: stored }
}

export function restoreFacts(stored: StoredFacts): Fact[] {
  const sets = stored.dimensions.map((dimensions) => dimensionSet(dimensions, dimensions))
  return stored.facts.map(([id, family, field, atMs, value, scope, number]) => ({
    id,
    measure: measureOf(familyOf(family), field),
    atMs: atMs as EpochMs,
    value,
    scope: scopes[scope]!,
    dimensions: sets[number]!,
  }))
}
