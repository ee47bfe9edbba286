import { type PeriodsResponse, problemOf } from '@deskpulse/contract'
import {
  type EpochMs,
  type Interval,
  isCurrent,
  type Kpi,
  parseBoundary,
  periodPlan,
  type PeriodKind,
  type ReadingPlan,
} from '@deskpulse/core'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import type { Step } from '../reading/question.ts'
import { iso, type Stamped } from './answer.ts'
import { kpisOf } from './kpis.ts'
import { decodeCursor, encodeCursor, type PageRow, type PageStart, rowsFrom } from './period-pages.ts'
import { type KpiValues, needsOf, recordsMax, valuesOfPlans } from './rows.ts'
import { type NamedSlice, slicesOf } from './slices.ts'

export type PeriodsRequest = {
  readonly period: PeriodKind
  readonly from: string
  readonly to: string
  readonly slice: readonly string[]
  readonly kpis?: readonly string[]
  readonly limit: number
  readonly cursor?: string
}

export type PeriodRow = Omit<PeriodsResponse['rows'][number], 'kpis'> & { readonly kpis: KpiValues }
export type PeriodsAnswer = Stamped<Omit<PeriodsResponse, 'rows'> & { readonly rows: readonly PeriodRow[] }>

type Asked = {
  readonly kpis: readonly Kpi[]
  readonly slices: readonly NamedSlice[]
  readonly range: Interval
  readonly from: PageStart | null
}

const bad = (path: string, expected: string, got: string): Outcome<never> =>
  refused(problemOf('bad-request', `not what it must be: ${path}`, [{ path, expected, got }]))

function rangeOf({ from, to, cursor }: PeriodsRequest, timeZone: string): Outcome<Pick<Asked, 'range' | 'from'>> {
  const [startMs, endMs] = [parseBoundary(from, timeZone), parseBoundary(to, timeZone)]
  if (startMs === null) return bad('from', 'a date or an instant of the years 1900 to 2199', from)
  if (endMs === null) return bad('to', 'a date or an instant of the years 1900 to 2199', to)
  if (endMs <= startMs) return bad('to', 'later than from', to)
  const page = cursor === undefined ? null : decodeCursor(cursor)
  if (cursor !== undefined && page === null) return bad('cursor', 'the cursor of an answer to the same question', cursor)
  if (page !== null && page.startMs >= endMs) return bad('cursor', 'the cursor of an answer to the same question', 'one past the range')
  return granted({ range: { startMs, endMs }, from: page })
}

function askedOf(request: PeriodsRequest, basis: TenantBasis): Outcome<Asked> {
  const range = rangeOf(request, basis.config.timeZone)
  if (!range.ok) return range
  const kpis = kpisOf(request.kpis, basis.config)
  if (!kpis.ok) return kpis
  const slices = slicesOf(request.slice, basis)
  if (!slices.ok) return slices
  return granted({ ...range.value, kpis: kpis.value, slices: slices.value })
}

type Page = { readonly rows: readonly PageRow[]; readonly plans: readonly ReadingPlan[]; readonly next: string | undefined }

/** As many rows as `limit` and what one read may ask for allow, at least one. */
function pageOf(request: PeriodsRequest, { kpis, slices, range, from }: Asked, basis: TenantBasis): Page {
  const { tenant, config, logTimeMs } = basis
  const rows: PageRow[] = []
  const plans: ReadingPlan[] = []
  let records = 0
  for (const row of rowsFrom(request.period, range, config.timeZone, slices, from)) {
    const { slice, text } = row.slice
    const plan = periodPlan({ tenant, slice, sliceId: basis.slices.idOf(text), config, kpis }, row.period, logTimeMs)
    records += plan.keys.length + plan.open.length
    if (rows.length === request.limit || (rows.length > 0 && records > recordsMax)) {
      return { rows, plans, next: encodeCursor({ startMs: row.period.startMs, slice: slices.indexOf(row.slice) }) }
    }
    rows.push(row)
    plans.push(plan)
  }
  return { rows, plans, next: undefined }
}

/** `GET …/kpis/periods`: every period of the range, widened to whole ones, has a row for each slice; all rows of a page are of one moment. */
export function periodsStep(request: PeriodsRequest, basis: TenantBasis): Step<Outcome<PeriodsAnswer>> {
  const asked = askedOf(request, basis)
  if (!asked.ok) return { kind: 'settled', result: asked }
  const { rows, plans, next } = pageOf(request, asked.value, basis)
  return {
    kind: 'read',
    needs: needsOf(plans),
    isCurrent: (atMs: EpochMs) => plans.every((plan) => isCurrent(plan, atMs)),
    async finish(answer) {
      const values = await valuesOfPlans(plans, answer)
      return granted({
        tenant: basis.tenant,
        timeZone: basis.config.timeZone,
        period: request.period,
        asOf: iso(answer.logTimeMs),
        rows: rows.map(({ period, slice }, index) => ({
          ...{ start: iso(period.startMs), end: iso(period.endMs), label: period.label, slice: slice.text },
          ...{ closed: false, kpis: values[index] ?? {} },
        })),
        ...(next !== undefined && { cursor: next }),
      })
    },
  }
}
