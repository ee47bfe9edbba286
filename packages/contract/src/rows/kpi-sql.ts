import type { Dimension } from '@deskpulse/core/config'
import {
  type Booking,
  type DistinctShare,
  type Kpi,
  type SqlTerm,
  sqlOf,
} from '@deskpulse/core/kpis'
import type { Measure, Slice } from '@deskpulse/core/measures'
import { encodeId } from '@deskpulse/core/state'

/**
 * A KPI as one query over the tables of rows, of what counts at or after `$from` and before `$to`: its `value`, beside which a ratio has `numerator` and
 * `denominator`, an average `count` and `sum` (one of averages with weights these alone), the longest of durations `count`; of what is divided by the time of the period its `sum` alone; of money a line for each `currency`, with its `sum`, or `numerator` and `denominator`, in minor units. In SQL that SQLite, DuckDB and other engines read alike.
 * What may name a period, and what is of the period before, asks for `$period`, too: the kind of the period (`month`), or another word.
 * @param by where it is booked, if there are several ways.
 * @returns `null`: no row makes it, as it says how things stand now.
 */
export function kpiSql(
  { terms }: Pick<Kpi, 'terms'>,
  slice: Slice = [],
  by: Booking = 'event',
): string | null {
  if (terms === null) return null
  const termsIn = termsOf(slice, by)
  const countsIn = countsOf(termsIn)
  switch (terms.shape) {
    case 'open':
    case 'longest':
    case 'most':
    case 'ages':
    case 'lateness':
      return null
    case 'total':
      return total(countsIn(terms.of), slice)
    case 'average':
      return average(termsIn(terms.of), slice)
    case 'level':
      return `SELECT ${sum(countsIn(terms.of), slice)} AS sum`
    case 'highest': {
      const [term] = termsIn(terms.of)
      return term === undefined
        ? 'SELECT 0 AS count, NULL AS value'
        : `SELECT count(*) AS count, max(${term.value}) AS value\n${selected(term, slice)}`
    }
    case 'distinct': {
      const [term] = termsIn(terms.of)
      return `SELECT count(DISTINCT subjectId) AS value\n${selected(term!, slice)}`
    }
    case 'distinct-without':
    case 'distinct-ratio':
      return shared(partsOf(terms, termsIn, slice))
    case 'by-basis': {
      const [contracts, payers] = [terms.contracts, terms.payers].map((share) =>
        partsOf(share, termsIn, slice),
      ) as [Parts, Parts]
      const either = (part: keyof Parts): string =>
        `CASE WHEN ${contracts.denominator} > 0 THEN ${contracts[part]} ELSE ${payers[part]} END`
      return shared({ numerator: either('numerator'), denominator: either('denominator') })
    }
    case 'points':
      return [
        'SELECT count, sum, 1.0 * sum / nullif(count, 0) / 1000000 AS value FROM (SELECT',
        `  ${sum(countsIn(terms.per), slice)} AS count,`,
        `  ${sum(countsIn(terms.of), slice)} AS sum`,
        ') AS parts',
      ].join('\n')
    case 'money': {
      const less = termsIn(terms.less).map((term) => ({ ...term, value: `-(${term.value})` }))
      return money([...termsIn(terms.of), ...less], 'sum', slice)
    }
    case 'money-ratio':
      return money(termsIn(terms.of), 'numerator', slice, perOf(terms.per, countsIn, slice))
    case 'weighted-points':
      return [
        `SELECT ${sum(countsIn(terms.per), slice)} AS count,`,
        `  ${sum(countsIn(terms.of), slice)} AS sum`,
      ].join('\n')
    case 'ratio':
      return [
        'SELECT numerator, denominator, 1.0 * numerator / nullif(denominator, 0) AS value FROM (SELECT',
        `  ${sum(countsIn(terms.of), slice)} AS numerator,`,
        `  ${sum(countsIn(terms.per), slice)} AS denominator`,
        ') AS parts',
      ].join('\n')
  }
}

/** Expressions. */
type Parts = { readonly numerator: string; readonly denominator: string }

function partsOf(share: DistinctShare, termsIn: TermsOf, slice: Slice): Parts {
  const counted = (measures: readonly Measure[]): string => {
    const [term] = termsIn(measures) // Of the shortest kind of period, as a query of them always is.
    if (measures[0]!.kind !== 'distinct')
      return `(SELECT ${added(term!)} ${selected(term!, slice)})`
    return `(SELECT count(DISTINCT subjectId) ${selected(term!, slice)})`
  }
  const of = counted(share.of)
  return share.shape === 'distinct-ratio'
    ? { numerator: of, denominator: counted(share.per) }
    : { numerator: `${of} - ${counted(share.without)}`, denominator: of }
}

const shared = ({ numerator, denominator }: Parts): string =>
  [
    'SELECT numerator, denominator, 1.0 * numerator / nullif(denominator, 0) AS value FROM (SELECT',
    `  ${numerator} AS numerator,`,
    `  ${denominator} AS denominator`,
    ') AS parts',
  ].join('\n')

type TermsOf = (measures: readonly Measure[]) => readonly SqlTerm[]

/** What counts in slices of these dimensions. */
const termsOf =
  (slice: Slice, by: Booking): TermsOf =>
  (measures) => {
    const hasAgent = slice.some(({ dimension }) => dimension === 'agent')
    return measures
      .flatMap((measure) => sqlOf(measure, by))
      .filter(({ scope }) => scope !== (hasAgent ? 'wide' : 'agent'))
  }

/** Of durations how many there are, of all else what it adds up to. */
const countsOf =
  (termsIn: TermsOf): TermsOf =>
  (measures) =>
    measures.flatMap((measure) => {
      const terms = termsIn([measure])
      return measure.kind === 'duration'
        ? terms.map((term) => ({ ...term, value: undefined }))
        : terms
    })

function total(terms: readonly SqlTerm[], slice: Slice): string {
  const [only, ...others] = terms
  return only !== undefined && others.length === 0
    ? `SELECT ${added(only)} AS value\n${selected(only, slice)}`
    : `SELECT ${sum(terms, slice)} AS value`
}

function average(terms: readonly SqlTerm[], slice: Slice): string {
  const [only, ...others] = terms
  const count = (value: string): string =>
    `SELECT count(*) AS count, sum(${value}) AS sum, avg(${value}) AS value`
  if (only === undefined) return 'SELECT 0 AS count, NULL AS sum, NULL AS value'
  if (others.length === 0) return `${count(only.value ?? '1')}\n${selected(only, slice)}`
  const all = terms.map((term) => `SELECT ${term.value ?? '1'} AS ms ${selected(term, slice)}`)
  return `${count('ms')}\nFROM (${all.join('\nUNION ALL ')}) AS durations`
}

/** Of distinct things those of the shortest kind of period, as a query of them always is; of all else what it adds up to. */
function perOf(measures: readonly Measure[], countsIn: TermsOf, slice: Slice): string {
  const terms = countsIn(measures)
  return measures[0]?.kind === 'distinct'
    ? `(SELECT count(DISTINCT subjectId) ${selected(terms[0]!, slice)})`
    : sum(terms, slice)
}

/** A line for each currency: what the rows add up to and, where it is divided by a count, that. */
function money(
  terms: readonly SqlTerm[],
  name: 'sum' | 'numerator',
  slice: Slice,
  per?: string,
): string {
  const all = terms.map(
    (term) => `SELECT currency, ${term.value} AS amount ${selected(term, slice)}`,
  )
  const beside = per === undefined ? '' : `,\n  ${per} AS denominator`
  const from = `FROM (${all.join('\nUNION ALL ')}) AS amounts GROUP BY currency`
  return `SELECT currency, sum(amount) AS ${name}${beside}\n${from}`
}

/** `0` of none. */
function sum(terms: readonly SqlTerm[], slice: Slice): string {
  const all = terms.map((term) => `(SELECT ${added(term)} ${selected(term, slice)})`)
  return all.length === 0 ? '0' : all.join('\n  + ')
}

/** What the rows add up to; 0 without any. */
function added({ value }: SqlTerm): string {
  if (value === undefined) return 'count(*)'
  return value === '-1' ? '-count(*)' : `coalesce(sum(${value}), 0)`
}

function selected(term: SqlTerm, slice: Slice): string {
  const { table, at, creditedAs, where, firstBy } = term
  const from = table.includes('-') || table === 'order' ? `"${table}"` : table // A word of SQL.
  const which = [
    ...(creditedAs === undefined ? [] : [`${creditedAs}At IS NOT NULL`]),
    ...(where === undefined ? [] : [where]),
    ...slice.map(({ dimension, value }) => creditedTo(term, dimension, value)),
  ]
  const when = [`${at}At >= $from`, `${at}At < $to`]
  if (firstBy === undefined) return `FROM ${from} WHERE ${[...which, ...when].join(' AND ')}`
  const inSlice = which.length === 0 ? '' : ` WHERE ${which.join(' AND ')}`
  const firsts = `SELECT min(${at}At) AS ${at}At FROM ${from}${inSlice} GROUP BY ${firstBy}`
  return `FROM (${firsts}) AS firsts WHERE ${when.join(' AND ')}`
}

/** That the credit has this value; an agent's time is of one agent and of several queues. */
function creditedTo(
  { table, at, creditedAs = at }: SqlTerm,
  dimension: Dimension,
  value: string,
): string {
  const column = `${creditedAs}${dimension[0]!.toUpperCase()}${dimension.slice(1)}`
  if (table !== 'agent-time') return `${column} = ${quoted(value)}`
  if (dimension === 'agent') return `agent = ${quoted(value)}`
  if (dimension !== 'queue') return 'FALSE'
  return `instr(',' || queues || ',', ${quoted(`,${encodeId(value)},`)}) > 0`
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`
