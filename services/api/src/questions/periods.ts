import { type PeriodsResponse, problemOf } from '@deskpulse/contract'
import type { ClosedTo } from '@deskpulse/core/closed'
import type { TenantConfig } from '@deskpulse/core/config'
import {
  type Asked,
  evaluate,
  isCurrent,
  isOneSlice,
  issuedIn,
  type Kpi,
  periodPlan,
  type ReadingPlan,
} from '@deskpulse/core/kpis'
import {
  type EpochMs,
  type Interval,
  isTrailing,
  type LocalTime,
  type Period,
  parseBoundary,
  type PeriodKind,
  type TrailingKind,
  zonedAt,
} from '@deskpulse/core/time'
import { joined } from '../reading/held.ts'
import type { Layout, Step } from '../reading/question.ts'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import { mapInTurns, type Turns } from '../reading/turns.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { provisionalOf, standingOf } from './closed-rows.ts'
import { Comparison } from './comparison.ts'
import { kpisOf } from './kpis.ts'
import { mapped } from './mapped.ts'
import {
  decodeCursor,
  encodeCursor,
  type PageRow,
  type PageStart,
  type PeriodRange,
  rowsFrom,
  wholeRange,
} from './period-pages.ts'
import { type KpiValues, madeOfPlans, needsOf, type Read, recordsMax, recordsOf } from './rows.ts'
import { type Revisions, rowsOfRevisions } from './revisions.ts'
import { slicesOf } from './slices.ts'

export type PeriodsRequest = Asked & {
  readonly period: PeriodKind | TrailingKind
  readonly from: string
  readonly to: string
  readonly slice: readonly string[]
  readonly kpis?: readonly string[]
  readonly revision?: 'latest' | 'all'
  readonly limit?: number
  readonly cursor?: string
}

type Row = PeriodsResponse['rows'][number]
export type PeriodRow = Omit<Row, 'kpis'> & { readonly kpis: KpiValues }
export type PeriodsAnswer = Stamped<
  Omit<PeriodsResponse, 'rows'> & { readonly rows: readonly PeriodRow[] }
>

/** What a request means for a tenant, whose configuration then stays the same for all pages. */
export type PeriodsAsked = {
  readonly config: TenantConfig
  readonly kpis: readonly Kpi[]
  readonly as: Asked
  readonly range: PeriodRange
}

/** Rows of one moment. `next`: where the rows after these begin; `null`: there are none. */
export type PeriodPage = {
  readonly asOf: string
  readonly rows: readonly PeriodRow[]
  readonly next: PageStart | null
}

/** Rows of a page of JSON. */
const pageRowsMax = 1_000

const bad = (path: string, expected: string, got: string): Outcome<never> =>
  refused(problemOf('bad-request', `not what it must be: ${path}`, [{ path, expected, got }]))

function intervalOf({ from, to }: PeriodsRequest, localTime: LocalTime): Outcome<Interval> {
  const [startMs, endMs] = [parseBoundary(from, localTime), parseBoundary(to, localTime)]
  if (startMs === null) return bad('from', 'a date or an instant of the years 1900 to 2199', from)
  if (endMs === null) return bad('to', 'a date or an instant of the years 1900 to 2199', to)
  return endMs <= startMs ? bad('to', 'later than from', to) : granted({ startMs, endMs })
}

function pageStartOf({ cursor }: PeriodsRequest, { endMs }: Interval): Outcome<PageStart | null> {
  if (cursor === undefined) return granted(null)
  const start = decodeCursor(cursor)
  if (start === null) return bad('cursor', 'the cursor of an answer to the same question', cursor)
  return start.startMs < endMs
    ? granted(start)
    : bad('cursor', 'the cursor of an answer to the same question', 'one past the range')
}

export function periodsAskedOf(
  request: PeriodsRequest,
  { config, ...basis }: TenantBasis,
): Outcome<PeriodsAsked> {
  const interval = intervalOf(request, basis.history.localTime)
  if (!interval.ok) return interval
  if (request.revision === 'all' && isTrailing(request.period))
    return bad('revision', 'latest, of trailing periods: their days have revisions', 'all')
  const kpis = kpisOf(request.kpis, config)
  if (!kpis.ok) return kpis
  const slices = slicesOf(request.slice, { config, ...basis }, true)
  if (!slices.ok) return slices
  const several =
    request.revision === 'all' &&
    slices.value.find(({ slice }) => !isOneSlice(slice, basis.sourcesOf(slice)))
  if (several)
    return bad('revision', `latest, of ${several.text}: its agents have revisions`, 'all')
  const range = {
    ...interval.value,
    kind: request.period,
    localTime: basis.history.localTime,
    slices: slices.value,
    begunByMs: null,
  }
  return granted({ config, kpis: kpis.value, as: { clock: request.clock, by: request.by }, range })
}

type Rows = {
  readonly rows: readonly PageRow[]
  readonly cost: number
  readonly next: PageStart | null
}
type PlanOf = (row: PageRow) => ReadingPlan

/** What a row reads: each slice of a period that it is read from as much, or less where that is for some days. One of each period is planned to know. */
function costs(planOf: PlanOf, basis: TenantBasis): (row: PageRow) => number {
  const known = new Map<Period, number>()
  return (row) => {
    const { length } = basis.sourcesOf(row.slice.slice)
    if (length !== 1) return length === 0 ? 0 : recordsOf(planOf(row))
    return known.getOrInsertComputed(row.period, () => recordsOf(planOf(row)))
  }
}

/** As many rows as `limit` and what one read may ask for allow, at least one. */
function rowsOf(
  range: PeriodRange,
  from: PageStart | null,
  limit: number,
  costOf: (row: PageRow) => number,
): Rows {
  const rows: PageRow[] = []
  let cost = 0
  for (const row of rowsFrom(range, from)) {
    const more = costOf(row)
    if (rows.length === limit || (rows.length > 0 && cost + more > recordsMax)) {
      return { rows, cost, next: row.at }
    }
    rows.push(row)
    cost += more
  }
  return { rows, cost, next: null }
}

function rowOf(
  { period, slice }: PageRow,
  plan: ReadingPlan,
  read: Read,
  closedTo: ClosedTo | null,
): PeriodRow {
  const { startMs, endMs, label } = period
  const { config, history } = plan.question
  const { timeZone } = zonedAt(history.localTime, startMs)
  const kpis = Object.fromEntries(evaluate(plan, read))
  return {
    ...{ start: iso(startMs), end: iso(endMs), label },
    ...(timeZone !== config.timeZone && { timeZone }),
    slice: slice.text,
    ...standingOf(period, plan, read, closedTo),
    ...provisionalOf(Object.values(kpis)),
    kpis,
  }
}

/** At most `limit` rows from a page's start on. `revisions`: each row once for each revision that is known of; what is met is noted there. */
export function pageStep(
  asked: PeriodsAsked,
  from: PageStart | null,
  limit: number,
  basis: TenantBasis,
  revisions: Revisions | null = null,
): Step<Outcome<PeriodPage>> {
  const { config, kpis, as, range } = asked
  const planOf: PlanOf = ({ period, slice: { slice } }) =>
    periodPlan(
      {
        tenant: basis.tenant,
        slice,
        sources: basis.sourcesOf(slice),
        config,
        history: basis.history,
        kpis,
        ...as,
        running: basis.running,
      },
      period,
      basis.logTimeMs,
    )
  const comparison = (): Comparison<Period> =>
    new Comparison(kpis, basis, {
      atMs: ({ endMs }) => Math.min(endMs - 1, basis.logTimeMs) as EpochMs,
      planOf: (question, period) => periodPlan(question, period, basis.logTimeMs),
    })
  const ownCostOf = costs(planOf, basis)
  const counted = comparison()
  const costOf = (row: PageRow): number =>
    ownCostOf(row) +
    counted.add(row.slice.slice, row.period) +
    (revisions?.keysOf(row, planOf(row)).length ?? 0)
  const { rows, cost, next } = rowsOf(range, from, limit, costOf)
  const layOut = async (turn: Turns): Promise<Layout<Outcome<PeriodPage>>> => {
    const plans = await mapInTurns(rows, planOf, turn)
    const compared = comparison()
    for (const { slice, period } of rows) compared.add(slice.slice, period)
    const others = await compared.layOut(turn)
    const superseded = rows.map((row, place) => revisions?.keysOf(row, plans[place]!) ?? [])
    return {
      needs: joined(needsOf([...others.map(({ plan }) => plan), ...plans]), {
        keys: superseded.flat(),
        open: [],
      }),
      isCurrent: (atMs: EpochMs) => plans.every((plan) => isCurrent(plan, atMs)),
      async finish(answer, turn) {
        const rest = await compared.read(others, answer, turn)
        let at = plans.reduce((sum, { keys }) => sum + keys.length, 0)
        const made = await madeOfPlans(plans, rest, turn, (plan, own, place) => {
          const read = compared.beside(own, rows[place]!.period)
          const row = rowOf(rows[place]!, plan, read, basis.closedTo)
          if (revisions === null) return [row]
          const issued = issuedIn(plan, read.values)
          if (issued !== null) revisions.note(rows[place]!, issued)
          const before = rest.values.slice(at, (at += superseded[place]!.length))
          return rowsOfRevisions(row, plan, read, before)
        })
        return granted({ asOf: iso(answer.logTimeMs), next, rows: made.flat() })
      },
    }
  }
  return { kind: 'read', cost, layOut }
}

/** `GET …/kpis/periods`: every period of the range, widened to whole ones, has a row for each slice; all rows of a page are of one moment. */
export function periodsStep(
  request: PeriodsRequest,
  basis: TenantBasis,
  revisions: Revisions | null = null,
): Step<Outcome<PeriodsAnswer>> {
  const asked = periodsAskedOf(request, basis)
  if (!asked.ok) return { kind: 'settled', result: asked }
  const from = pageStartOf(request, asked.value.range)
  if (!from.ok) return { kind: 'settled', result: from }
  const { tenant, config } = basis
  return mapped(
    pageStep(asked.value, from.value, request.limit ?? pageRowsMax, basis, revisions),
    ({ asOf, rows, next }) => ({
      ...{ tenant, timeZone: config.timeZone, period: request.period, asOf, rows },
      ...completenessOf(basis, wholeRange(asked.value.range)),
      ...(next !== null && { cursor: encodeCursor(next) }),
    }),
  )
}
