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
    if (at === null) {
      for (const part of rule.each?.(row) ?? [])
        sink(measure, part.at, part.value, scope, part.at.atMs)
      continue
    }
    const endMs = rule.untilMs?.(row) ?? at.atMs
    const value = rule.value?.(row) ?? (measure.kind === 'span' ? endMs - at.atMs : 1)
    sink(measure, at, value, scope, endMs)
  }
  for (const { add } of found.made) add(row, sink)
}
