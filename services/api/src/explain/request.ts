import { problemOf, type WhereOperator } from '@deskpulse/contract'
import {
  type Asked,
  grainsOf,
  type Kpi,
  livePlan,
  type LiveWindow,
  periodPlan,
  type ReadingPlan,
  type SliceQuestion,
} from '@deskpulse/core/kpis'
import {
  type EpochMs,
  isTrailing,
  type LocalTime,
  parseBoundary,
  type Period,
  periodAt,
  type PeriodKind,
  todayStart,
  trailingIn,
  type TrailingKind,
} from '@deskpulse/core/time'
import { kpisOf } from '../questions/kpis.ts'
import { type NamedSlice, slicesOf } from '../questions/slices.ts'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'

/** A comparison with the duration of a row. */
export type Where = { readonly operator: WhereOperator; readonly ms: number }

/** `window` or, with `from`, `period`. */
export type ExplainRequest = Asked & {
  readonly kpi: string
  readonly slice: string
  readonly window?: LiveWindow | undefined
  readonly period?: PeriodKind | TrailingKind | undefined
  readonly from?: string | undefined
  readonly where?: Where | undefined
}

/** What a request means for a tenant as it stands. */
export type Explained = {
  readonly kpi: Kpi
  readonly slice: NamedSlice
  /** `null`: a live window. */
  readonly period: Period | null
  readonly window: LiveWindow | null
  readonly where: Where | null
  /** What gives the value as `live` and `periods` do. */
  readonly plan: ReadingPlan
}

const bad = (path: string, expected: string, got: string): Outcome<never> =>
  refused(problemOf('bad-request', `not what it must be: ${path}`, [{ path, expected, got }]))

export function explainedOf(request: ExplainRequest, basis: TenantBasis): Outcome<Explained> {
  const kpi = kpiOf(request, basis)
  if (!kpi.ok) return kpi
  const slices = slicesOf([request.slice], basis, false)
  if (!slices.ok) return slices
  const [slice, ...more] = slices.value
  if (slice === undefined || more.length > 0)
    return bad('slice', 'one slice, not a star', request.slice)
  const time = timeOf(request, basis)
  if (!time.ok) return time
  const { tenant, config, history, running, logTimeMs } = basis
  const sources = basis.sourcesOf(slice.slice)
  const { period, window } = time.value
  const question: SliceQuestion = {
    ...{ tenant, config, history, running, sources, slice: slice.slice },
    kpis: [kpi.value],
    ...{ clock: request.clock, by: request.by },
  }
  const plan =
    period === null
      ? livePlan(question, window, logTimeMs)
      : periodPlan(question, period, logTimeMs)
  const where = request.where ?? null
  return granted({ kpi: kpi.value, slice, period, window, where, plan })
}

function kpiOf({ kpi: id, where }: ExplainRequest, { config }: TenantBasis): Outcome<Kpi> {
  const kpis = kpisOf([id], config)
  if (!kpis.ok) {
    const { path: _, ...error } = kpis.problem.errors![0]!
    return refused(problemOf('unknown-kpi', kpis.problem.detail, [{ path: 'kpi', ...error }]))
  }
  const [kpi] = kpis.value
  if (kpi!.terms === null)
    return refused(problemOf('not-supported', `${id} is made of more than can be listed`))
  return where === undefined || hasDurations(kpi!)
    ? granted(kpi!)
    : bad('where', 'left out: no row of this KPI has a duration', 'wait or duration')
}

/** Grains whose rows are waits. */
const waits: ReadonlySet<string> = new Set(['reply', 'pass'])

/** A time is averaged, or something is waited for. */
function hasDurations(kpi: Kpi): boolean {
  const { shape } = kpi.terms!
  if (shape === 'open' || shape === 'longest' || shape === 'average') return true
  return grainsOf(kpi).some((grain) => waits.has(grain))
}

type Time =
  | { readonly period: null; readonly window: LiveWindow }
  | { readonly period: Period; readonly window: null }

function timeOf(
  { window, period, from }: ExplainRequest,
  { history: { localTime } }: TenantBasis,
): Outcome<Time> {
  if (period === undefined) {
    if (from !== undefined) return bad('period', 'the kind of the period that holds from', 'none')
    return granted({ period: null, window: window ?? { minutes: 15 } })
  }
  if (window !== undefined) return bad('window', 'left out, with a period', 'both')
  if (from === undefined) return bad('from', 'a date or an instant in the period', 'none')
  const atMs = parseBoundary(from, localTime)
  if (atMs === null) return bad('from', 'a date or an instant of the years 1900 to 2199', from)
  const found = periodOf(period, atMs, localTime)
  if (found === null) return bad('from', 'a day that began in the time zone in force', from)
  return granted({ period: found, window: null })
}

/** The period that holds an instant; the trailing one of the day that does, of its parts the last: those before it are of an earlier configuration. `null`: the day has none. */
function periodOf(
  kind: PeriodKind | TrailingKind,
  atMs: EpochMs,
  localTime: LocalTime,
): Period | null {
  if (!isTrailing(kind)) return periodAt(kind, atMs, localTime)
  const startMs = todayStart(localTime, atMs)
  const [found] = trailingIn(kind, { startMs, endMs: startMs }, localTime)
  return found?.periods.at(-1) ?? null
}
