import type { Measure } from '../measures/measure.ts'
import type { Grain, Moment, Priced, Row } from '../subjects/row.ts'
import type { ClosedKind } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'
import { families } from './catalogue.ts'
import type { Family, Made, Rule, Sink } from './family.ts'

type Counting = { readonly rules: Family['rules'][number][]; readonly made: Made[] }

/** By grain; of customers in periods by the kind of period, which a measure of it counts alone. */
const byGrain = new Map<Grain | ClosedKind, Counting>()

const countingIn = (grain: Grain | ClosedKind): Counting =>
  byGrain.getOrInsertComputed(grain, () => ({ rules: [], made: [] }))

for (const { rules, made } of families) {
  for (const one of rules)
    countingIn((one.grain === 'customer-period' && one.measure.of) || one.grain).rules.push(one)
  for (const one of made) countingIn(one.grain).made.push(one)
}

const countingRow = (row: Row): Counting | undefined =>
  byGrain.get(row.grain === 'customer-period' ? row.period : row.grain)

/** Gives the sink what a row adds to the measures of all families. */
export function contribute(row: Row, sink: Sink): void {
  const found = countingRow(row)
  if (found === undefined) return
  for (const { measure, rule } of found.rules) tell(measure, rule, row, rule.at(row), sink)
  for (const { add } of found.made) add(row, sink)
}

/**
 * Gives the sinks what a row takes back and adds as another one of its grain takes its place: a contact is opened once, and its row is replaced at each
 * of its events. What both add is in neither.
 */
export function contributeChange(before: Row, now: Row, taken: Sink, added: Sink): void {
  const found = countingRow(now)
  if (found !== countingRow(before)) {
    contribute(before, taken)
    return contribute(now, added)
  }
  if (found === undefined) return
  for (const { measure, rule } of found.rules) {
    const [was, is] = [rule.at(before), rule.at(now)]
    if (was !== null && is !== null && isSame(measure, rule, [before, was], [now, is])) continue
    tell(measure, rule, before, was, taken)
    tell(measure, rule, now, is, added)
  }
  for (const { add } of found.made) {
    add(before, taken)
    add(now, added)
  }
}

function tell(measure: Measure, rule: Rule, row: Row, at: Moment | null, sink: Sink): void {
  const scope = rule.scope ?? 'both'
  if (at === null) {
    for (const part of rule.each?.(row) ?? [])
      sink(measure, part.at, part.value, scope, part.at.atMs)
    return
  }
  const endMs = endOf(rule, row, at)
  sink(measure, at, valueOf(measure, rule, row, at, endMs), scope, endMs)
}

type Told = readonly [row: Row, at: Moment]

/** Where distinct things count depends on more than their first instant. */
function isSame(measure: Measure, rule: Rule, [before, was]: Told, [now, is]: Told): boolean {
  if (measure.kind === 'distinct' || was.atMs !== is.atMs || was.credit !== is.credit) return false
  if (measure.kind === 'money' && (was as Priced).currency !== (is as Priced).currency) return false
  const [endedMs, endMs] = [endOf(rule, before, was), endOf(rule, now, is)]
  return (
    endedMs === endMs &&
    valueOf(measure, rule, before, was, endedMs) === valueOf(measure, rule, now, is, endMs)
  )
}

const endOf = (rule: Rule, row: Row, { atMs }: Moment): EpochMs => rule.untilMs?.(row) ?? atMs

const valueOf = (
  { kind }: Measure,
  { value }: Rule,
  row: Row,
  { atMs }: Moment,
  endMs: EpochMs,
): number => value?.(row) ?? (kind === 'span' ? endMs - atMs : 1)
