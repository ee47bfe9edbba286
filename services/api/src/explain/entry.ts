import {
  columnsOfTable,
  type ExplainResponse,
  type FlatRow,
  flatRow,
  toWire,
} from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { KpiTerms } from '@deskpulse/core/kpis'
import type { Row } from '@deskpulse/core/subjects'
import type { Contribution, StoredSubject } from '@deskpulse/engine'
import { iso } from '../questions/answer.ts'
import { type Sums, sumsOf } from './cursor.ts'

export type ExplainRow = ExplainResponse['rows'][number]

/** A row, or something that goes on, with what it adds. `durationMs`: how long it took; `null`: nothing did. */
export type Entry = Contribution & {
  readonly durationMs: number | null
  /** What it is: made of those alone that are listed. */
  readonly show: () => Omit<ExplainRow, 'at' | 'durationMs' | keyof Numbers>
}

type Numbers = Pick<
  ExplainRow,
  'numerator' | 'denominator' | 'count' | 'sum' | 'value' | 'minorByCurrency'
>

/** Sums under the names that the numbers of a KPI's value have. */
export function numbersOf({ shape }: KpiTerms, { of, per, ms, money }: Sums): Numbers {
  switch (shape) {
    case 'ratio':
    case 'distinct-ratio':
    case 'distinct-without':
    case 'by-basis':
      return { numerator: of, denominator: per }
    case 'points':
    case 'weighted-points':
      return { count: per, sum: of }
    case 'money':
      return { minorByCurrency: money }
    case 'money-ratio':
      return { minorByCurrency: money, denominator: per }
    case 'average':
    case 'ages':
      return { count: of, sum: ms }
    case 'level':
      return { sum: of }
    case 'highest':
    case 'lateness':
      return { count: of }
    case 'total':
    case 'distinct':
    case 'open':
    case 'longest':
    case 'most':
      return { value: of }
  }
}

export function shownEntry(terms: KpiTerms, entry: Entry): ExplainRow {
  const { atMs, durationMs, show } = entry
  return {
    at: iso(atMs),
    ...numbersOf(terms, sumsOf(entry)),
    ...(durationMs !== null && { durationMs }),
    ...show(),
  }
}

export type RowOptions = {
  readonly tenant: string
  readonly terms: KpiTerms
  readonly withEvents: boolean
}

/** A row of a subject. */
export function rowEntry(
  row: Row,
  { subject, events, hasAllEvents }: StoredSubject,
  contribution: Contribution,
  { tenant, terms, withEvents }: RowOptions,
): Entry {
  const show = (): ReturnType<Entry['show']> => {
    const flat = flatRow(subject, row)
    if (!withEvents) return { row: flat, open: null }
    return {
      row: flat,
      open: null,
      events: eventsOfRow(flat, events, tenant),
      ...(!hasAllEvents && { hasAllEvents }),
    }
  }
  return { ...contribution, durationMs: durationOf(row, contribution, terms), show }
}

/** The time that is averaged; of the others how long was waited until the row counted. */
function durationOf(row: Row, { ms, atMs }: Contribution, { shape }: KpiTerms): number | null {
  if (shape === 'average') return ms
  return row.grain === 'reply' || row.grain === 'pass' ? atMs - row.sinceMs : null
}

function lastInstantOf(row: FlatRow): string {
  const cells = row as Readonly<Record<string, unknown>>
  const instants = Object.entries(columnsOfTable(row.grain))
    .filter(([name, { kind }]) => kind === 'instant' && cells[name] !== null)
    .map(([name]) => cells[name] as string)
  return instants.sort().at(-1)! // All of one form, so that text sorts as time does.
}

/** The events of a subject that can have made a row: up to its last instant, as the log has them. */
export function eventsOfRow(row: FlatRow, events: readonly CanonicalEvent[], tenant: string) {
  const lastMs = Date.parse(lastInstantOf(row))
  return events
    .filter(({ timeMs }) => timeMs <= lastMs)
    .map((event) => toWire({ ...event, tenant }))
}
