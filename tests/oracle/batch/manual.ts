import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { DimensionValues } from '@deskpulse/core/measures'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'

const day = 86_400_000

type Told = {
  readonly agentId: string // Of a cost it may be missing.
  readonly kind: string
  readonly rater: string
  readonly score: number
  readonly passed?: boolean
  readonly criticalErrors?: number
  readonly calibration?: boolean
  readonly count?: number
  readonly scaleMin: number
  readonly scaleMax: number
  readonly money: { readonly amountMinor: number; readonly currency: string }
  readonly queue?: string
  readonly period?: { readonly start: string; readonly end: string }
}

/** As appeals name them. */
const kinds: Readonly<Partial<Record<CanonicalEvent['type'], string>>> = {
  'quality.reviewed': 'quality-review',
  'violation.recorded': 'violation',
  'agent.assessed': 'assessment',
}

type Place = Pick<Observation, 'atMs' | 'untilMs'>

/** What people wrote down by hand: of each id what was told last. Scores are in millionths of a point. */
export function manualObservations(
  events: readonly CanonicalEvent[],
  config: Pick<TenantConfig, 'timeZone'>,
  asOfMs: number,
): Observation[] {
  const each = (
    type: CanonicalEvent['type'],
    id: 'reviewId' | 'violationId' | 'assessmentId' | 'surveyId' | 'costId',
    observed: (told: Told) => readonly (readonly [what: string, value: number])[],
  ): Observation[] =>
    [...Map.groupBy(timelineOf(events.filter((one) => one.type === type)), ({ data }) => data[id])]
      .map(([, its]) => its)
      .flatMap((its) => {
        const of = `${kinds[type] ?? type}/${its[0]!.data[id] as string}`
        const told = its.at(-1)!.data as unknown as Told
        const place = placeOf(its, told, config)
        if (place === null || place.toldFromMs > asOfMs) return []
        const { atMs, untilMs } = place
        const dimensions = creditOf(type, told)
        return observed(told).map(([what, value]) => ({
          ...{ what, atMs, value, dimensions, of, scope: 'both' as const },
          ...(untilMs !== undefined && { untilMs }),
        }))
      })
  return [
    ...each('quality.reviewed', 'reviewId', ofReview),
    ...each('violation.recorded', 'violationId', ({ kind, count = 1 }) => [
      [`violation of ${kind}`, count],
    ]),
    ...each('agent.assessed', 'assessmentId', ofAssessment),
    ...each('cost.recorded', 'costId', ({ money }) => [
      [`cost in ${money.currency}`, money.amountMinor],
    ]),
    ...each('employee.surveyed', 'surveyId', ({ score, scaleMin, scaleMax }) => [
      ['employee', millionths((100 * (score - scaleMin)) / (scaleMax - scaleMin))],
    ]),
  ]
}

function creditOf(type: CanonicalEvent['type'], { agentId, queue }: Told): DimensionValues {
  if (type === 'employee.surveyed') return {}
  if (type !== 'cost.recorded') return { agent: agentId }
  return {
    ...(agentId !== undefined && { agent: agentId }),
    ...(queue !== undefined && { queue }),
  }
}

const millionths = (points: number): number => Math.round(points * 1_000_000)

/** At the first event; or in the period that is named, once it has begun wherever people live. `null`: it is too long, or too far away. */
function placeOf(
  its: readonly CanonicalEvent[],
  { period }: Told,
  { timeZone }: Pick<TenantConfig, 'timeZone'>,
): (Place & { readonly toldFromMs: number }) | null {
  const toldMs = its.at(-1)!.timeMs
  if (period === undefined) return { atMs: its[0]!.timeMs, toldFromMs: toldMs }
  const [first, last] = [period.start, period.end].map((date) => Temporal.PlainDate.from(date))
  const days = first!.until(last!).days + 1
  const [startMs, overMs] = [Date.parse(period.start), Date.parse(period.end) + day]
  if (days > 366 || startMs - toldMs > 366 * day || toldMs - overMs > 366 * day) return null
  const begin = (date: Temporal.PlainDate): number =>
    date.toZonedDateTime(timeZone).epochMilliseconds
  return {
    atMs: begin(first!),
    untilMs: begin(last!.add({ days: 1 })),
    toldFromMs: Date.parse(`${period.start}T12:00:00Z`),
  }
}

function ofReview(told: Told): [string, number][] {
  const { kind, score, passed = score >= 60, criticalErrors = 0, calibration = false } = told
  if (calibration) return []
  return [
    ['review of any kind', 1],
    ...(criticalErrors > 0 ? [['critical review', 1] as [string, number]] : []),
    [`review of ${kind}`, millionths(score)],
    [`review of ${kind}, ${passed ? 'passed' : 'failed'}`, 1],
  ]
}

function ofAssessment({ kind, rater, score, passed }: Told): [string, number][] {
  const isPassed = passed ?? (kind === 'training' ? score > 0 : score >= 60)
  return [
    [`${kind} by ${rater === 'system' ? 'supervisor' : rater}`, millionths(score)],
    [kind, 1],
    ...(isPassed ? [[`${kind}, passed`, 1] as [string, number]] : []),
  ]
}
