import { families, measureOf, type Fact, type FactDimensions, type FactScope } from '../measures/measure.ts'
import type { EpochMs } from '../time/time.ts'

/** Facts as plain data with the dimensions listed once: [id, family, field, at, value, scope, dimensions]. Facts of contacts and customers are instants. */
export type StoredFacts = {
  readonly dimensions: readonly FactDimensions[]
  readonly facts: readonly (readonly [string, number, number, number, number, number, number])[]
}

const scopes: readonly FactScope[] = ['both', 'wide', 'agent']

export function storeFacts(facts: Iterable<Fact>): StoredFacts {
  const numbers = new Map<string, number>()
  const dimensions: FactDimensions[] = []
  const stored: [string, number, number, number, number, number, number][] = []
  for (const fact of facts) {
    const text = JSON.stringify(fact.dimensions)
    let number = numbers.get(text)
    if (number === undefined) {
      number = dimensions.push(fact.dimensions) - 1
      numbers.set(text, number)
    }
    stored.push([
      fact.id,
      families.indexOf(fact.measure.family),
      fact.measure.field,
      fact.atMs,
      fact.value,
      scopes.indexOf(fact.scope),
      number,
    ])
  }
  return { dimensions, facts: stored }
}

export function restoreFacts(stored: StoredFacts): Fact[] {
  return stored.facts.map(([id, family, field, atMs, value, scope, number]) => ({
    id,
    measure: measureOf(families[family]!, field),
    atMs: atMs as EpochMs,
    value,
    scope: scopes[scope]!,
    dimensions: stored.dimensions[number]!,
  }))
}
