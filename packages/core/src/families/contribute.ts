import type { Grain, Row } from '../subjects/row.ts'
import { families } from './catalogue.ts'
import type { Family, Made, Sink } from './family.ts'

type OfGrain = { readonly rules: Family['rules'][number][]; readonly made: Made[] }

const byGrain = new Map<Grain, OfGrain>()

const ofGrain = (grain: Grain): OfGrain =>
  byGrain.getOrInsertComputed(grain, () => ({ rules: [], made: [] }))

for (const { rules, made } of families) {
  for (const one of rules) ofGrain(one.grain).rules.push(one)
  for (const one of made) ofGrain(one.grain).made.push(one)
}

/** Gives the sink what a row adds to the measures of all families. */
export function contribute(row: Row, sink: Sink): void {
  const found = byGrain.get(row.grain)
  if (found === undefined) return
  for (const { measure, rule } of found.rules) {
    const at = rule.at(row)
    const scope = rule.scope ?? 'both'
    if (at !== null)
      sink(measure, at, rule.value?.(row) ?? 1, scope, rule.untilMs?.(row) ?? at.atMs)
    else if (rule.each !== undefined)
      for (const part of rule.each(row)) sink(measure, part.at, part.value, scope, part.at.atMs)
  }
  for (const { add } of found.made) add(row, sink)
}
