import {
  type CreditScope,
  fieldsOf,
  type Maturity,
  type Measure,
  type MeasureKind,
} from '../measures/measure.ts'
import type { Grain, MayNamePeriod, Moment, Priced, Row, RowOf } from '../subjects/row.ts'
import { type ClosedKind, type WholeDayKind, wholeDayKinds } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'

/** How rows of one grain count in a measure. */
export type Rule<Counted extends Row = Row> = {
  /** The instant at which a row counts, and its credit; `null`: it does not, or not yet. */
  readonly at: (row: Counted) => Moment | null
  /** Of a `count`: what is added (default 1, may be negative). Of a `duration`: ms. Of `money`: minor units. Of a `span`: what is spread evenly over the stretch (default: its ms). */
  readonly value?: (row: Counted) => number
  /** Of a `span`: where the stretch that begins at the instant ends. */
  readonly untilMs?: (row: Counted) => EpochMs
  /** Default `both`. */
  readonly scope?: CreditScope
  /** Of a `count` whose rows count at several instants, what is added at each: in the place of `at`. */
  readonly each?: (row: Counted) => readonly Part[]
}

/** A part of a row that counts by itself. */
export type Part = { readonly at: Moment; readonly value: number }

/** A rule, and the grain whose rows alone it is given. */
export type RuleOn = { readonly grain: Grain; readonly rule: Rule }

/** Rows of a grain count by this rule. */
export function on<Name extends Grain>(grain: Name, rule: Rule<RowOf<Name>>): RuleOn {
  return { grain, rule: rule as Rule }
}

/** Rows of a grain count at several instants each. */
export function onEach<Name extends Grain>(
  grain: Name,
  each: (row: RowOf<Name>) => readonly Part[],
): RuleOn {
  return on(grain, { at: () => null, each })
}

/** A measure of a family: the field under which it is stored, and what counts in it. */
export type Counted = {
  readonly field: number
  readonly kind: MeasureKind
  readonly of?: ClosedKind
  readonly matures?: Maturity
  readonly rules: readonly RuleOn[]
  /** Fields of its shifts. */
  readonly shifts?: ShiftFields
  readonly entry?: Entry
  /** Its rows may name a period: the fields after its own, five times as many, are of those that do (`Measure.named`). */
  readonly mayBeNamed?: true
}

/** Of a measure that can be read by entry: the field of its twin, and the instant at which each of its rows counts there. */
type Entry = { readonly field: number; readonly of: (row: Row) => EpochMs | null }

/** Under which it is stored what readings on a clock add (`Measure.shifts`). */
export type ShiftFields = { readonly calendar: number; readonly business: number }

const counted =
  (kind: MeasureKind) =>
  (field: number, ...rules: readonly RuleOn[]): Counted => ({ field, kind, rules })

/** Adds a value at an instant. */
export const count = counted('count')

/** The same, in periods of this kind alone: it does not add up over time. */
export const countOf = (field: number, of: ClosedKind, ...rules: readonly RuleOn[]): Counted => ({
  ...{ ...count(field, ...rules), of },
})

const maturingIn =
  (matures: Maturity) =>
  (field: number, ...rules: readonly RuleOn[]): Counted => ({ ...count(field, ...rules), matures })

/** Adds a value at an instant, once the window of first contact resolution has passed: see `Measure.matures`. */
export const maturing = maturingIn('fcrWindow')
/** The same, once seven days have passed. */
export const maturingInAWeek = maturingIn('week')
/** Adds 1 to a count, ms to a sum, and 1 to a bin of a histogram, at an instant. */
export const duration = counted('duration')
/** The measure has everything on the clock of its class; `making` adds what is otherwise on the other one. */
export function withShifts(counted: Counted, shifts: ShiftFields): Counted {
  return { ...counted, shifts }
}

/** A measure, with what readings on a clock add to it. */
export function shifted(measure: Measure, fields: ShiftFields): Measure {
  const on = (clock: keyof ShiftFields): Measure => ({
    ...measure,
    name: `${measure.name}-${clock}`,
    field: fields[clock],
  })
  return { ...measure, shifts: { calendar: on('calendar'), business: on('business') } }
}

/** The measure can be read by entry, too (`Measure.atEntry`). `of`: the entry of a row; `null`: it has none. */
export function withEntry<Name extends Grain>(
  counted: Counted,
  field: number,
  of: (row: RowOf<Name>) => EpochMs | null,
): Counted {
  return { ...counted, entry: { field, of: of as Entry['of'] } }
}

/** A measure, with its twin at the entry. */
export function enteredIn(measure: Measure, field: number): Measure {
  return { ...measure, atEntry: { ...measure, name: `${measure.name}-entry`, field } }
}

/** Those whose rows may name a period. */
type NamingGrain = Extract<Row, MayNamePeriod>['grain']

/**
 * Adds a value at an instant; of a row that names a period where that begins, and only in readings of whole periods that contain all of it. It takes six fields: that
 * of what names none, then those of what days, weeks, months, quarters and years contain.
 */
export const countNamed = <Name extends NamingGrain>(
  field: number,
  grain: Name,
  rule: Rule<RowOf<Name>>,
): Counted => ({ ...count(field, on(grain, rule)), mayBeNamed: true })

/** How rows of one grain count in a measure of money. */
type PricedRule<Counted extends Row> = Rule<Counted> & {
  /** The instant at which a row counts, in which currency, and its credit; `null`: it does not, or not yet. */
  readonly at: (row: Counted) => Priced | null
  /** What is added, in minor units. */
  readonly value: (row: Counted) => number
}

/** Adds an amount of a currency at an instant: it takes five fields. */
export const money = <Name extends Grain>(
  field: number,
  grain: Name,
  rule: PricedRule<RowOf<Name>>,
): Counted => ({ field, kind: 'money', rules: [on(grain, rule)] })

/** The same of rows that may name a period (`countNamed`): it takes thirty fields. */
export const moneyNamed = <Name extends NamingGrain>(
  field: number,
  grain: Name,
  rule: PricedRule<RowOf<Name>>,
): Counted => ({ ...money(field, grain, rule), mayBeNamed: true })

/** A measure, with its twins of what names a period. */
function namedIn(measure: Measure): Measure {
  const { length } = fieldsOf(measure)
  const twins = wholeDayKinds.map((kind, place) => {
    const field = measure.field + length * (1 + place)
    return [kind, { ...measure, name: `${measure.name}-${kind}`, field }] as const
  })
  return { ...measure, named: Object.fromEntries(twins) as Record<WholeDayKind, Measure> }
}

/** What counts at an instant, where its row names a period within one of this kind; `null`: where it names none. */
const ruleWithin = ({ grain, rule }: RuleOn, kind: WholeDayKind | null): RuleOn => ({
  grain,
  rule: {
    ...rule,
    at: (row) => {
      const { period } = row as MayNamePeriod
      const isWithin = kind === null ? period === null : period?.within.includes(kind)
      return isWithin === true ? rule.at(row) : null
    },
  },
})

/** What counts at an instant counts at the entry, for whom it does. */
function ruleAtEntry({ grain, rule }: RuleOn, of: Entry['of']): RuleOn {
  const at = (row: Row): Moment | null => {
    const [counted, atMs] = [rule.at(row), of(row)]
    return counted === null || atMs === null ? null : { atMs, credit: counted.credit }
  }
  return { grain, rule: { ...rule, at } }
}

/** Adds to each bucket that a stretch covers its part of the value, in ms. */
export const span = counted('span')

/** Adds 1 to each slice that one of the places of a `Spread` falls in, at the first of these: once in a period of this kind. */
export const distinct = (field: number, of: ClosedKind, ...rules: readonly RuleOn[]): Counted => ({
  ...{ field, kind: 'distinct', of, rules },
})

/** The same of rows whose periods are none of one another: it adds up over time. */
export const firsts = (field: number, ...rules: readonly RuleOn[]): Counted => ({
  ...{ field, kind: 'distinct', rules },
})

/** Takes what one row adds to one measure. `endMs`: of a `span`, over which the value is spread evenly. `times`: of a `duration`, −1 for what is not to count; default 1. */
export type Sink = (
  measure: Measure,
  at: Moment,
  value: number,
  scope: CreditScope,
  endMs: EpochMs,
  times?: 1 | -1,
) => void

/** What rows of a grain add to measures that configuration makes. */
export type Made = { readonly grain: Grain; readonly add: (row: Row, sink: Sink) => void }

/** Rows of a grain add to measures that configuration makes. */
export function making<Name extends Grain>(
  grain: Name,
  add: (row: RowOf<Name>, sink: Sink) => void,
): Made {
  return { grain, add: add as Made['add'] }
}

export type Family<Names extends string = string> = {
  readonly name: string
  /** Under which its measures are stored. */
  readonly number: number
  readonly measures: Readonly<Record<Names, Measure>>
  readonly rules: readonly (RuleOn & { readonly measure: Measure })[]
  readonly made: readonly Made[]
}

function measureOf(
  name: string,
  number: number,
  { field, kind, of, matures, shifts, entry, mayBeNamed }: Counted,
): Measure {
  const measure: Measure = {
    ...{ name, family: number, field, kind },
    ...(of !== undefined && { of }),
    ...(matures !== undefined && { matures }),
  }
  if (entry !== undefined) return enteredIn(measure, entry.field)
  if (mayBeNamed === true) return namedIn(measure)
  return shifts === undefined ? measure : shifted(measure, shifts)
}

/** A family of measures. Its number, and the fields of its measures, are for good: no other measure is ever stored there. */
export function family<Names extends string>(
  name: string,
  number: number,
  counts: Readonly<Record<Names, Counted>>,
  made: readonly Made[] = [],
): Family<Names> {
  const names = Object.keys(counts) as Names[]
  const measures = {} as Record<Names, Measure>
  for (const one of names) measures[one] = measureOf(one, number, counts[one])
  const rules = names.flatMap((one) => rulesOf(counts[one], measures[one]))
  return { name, number, measures, rules, made }
}

/** What counts in a measure, and in its twins. */
function rulesOf({ rules, entry }: Counted, measure: Measure): Family['rules'] {
  const { atEntry, named } = measure
  const counting = (counted: Measure, own: (rule: RuleOn) => RuleOn = (rule) => rule) =>
    rules.map((rule) => ({ ...own(rule), measure: counted }))
  if (named !== undefined)
    return [
      ...counting(measure, (rule) => ruleWithin(rule, null)),
      ...wholeDayKinds.flatMap((kind) => counting(named[kind], (rule) => ruleWithin(rule, kind))),
    ]
  if (entry === undefined || atEntry === undefined) return counting(measure)
  return [...counting(measure), ...counting(atEntry, (rule) => ruleAtEntry(rule, entry.of))]
}
