import type { KpiTarget, TenantConfig } from '@deskpulse/core/config'
import { catalogueOf, type Kpi } from '@deskpulse/core/kpis'
import { keepsSlice, parseReadSlice } from '@deskpulse/core/measures'
import { type Amount, amountIn } from './amount.ts'
import { millisecondsOf } from './duration.ts'
import { type Fault, oneOf, repeatedAt, under } from './fault.ts'
import type { IsSure, Readable } from './readable.ts'
import { secondsOfThresholdKpi } from './threshold-kpi.ts'

/** As the file says it. */
export type TargetInput = {
  readonly kpi: string
  readonly slice?: string
  readonly min?: Amount
  readonly max?: Amount
}
type Target = Readable<TargetInput>

/** What targets are judged by. What is not known for sure, because a part of it cannot be read, refuses nothing. */
export type TargetContext = { readonly config: TenantConfig; readonly isSure: IsSure }

/** The number of an amount that was checked: a duration in milliseconds, any other as it is. */
export function targetOf({ kpi, slice, min, max }: TargetInput): KpiTarget {
  return {
    kpi,
    ...(slice === undefined ? {} : { slice }),
    ...(min === undefined ? {} : { min: Number(millisecondsOf(min)) }),
    ...(max === undefined ? {} : { max: Number(millisecondsOf(max)) }),
  }
}

/** Targets that nothing could ever be judged by: of a KPI that the tenant does not have, in a slice that it does not keep, or that no value meets. */
export function targetFaults(
  targets: readonly (Target | undefined)[],
  context: TargetContext,
): Fault[] {
  const own = targets.flatMap((target, at) =>
    target === undefined ? [] : under([at], faultsOf(target, at, context)),
  )
  const repeated = repeatedAt(
    targets.map((target) =>
      target?.kpi === undefined ? null : JSON.stringify([target.kpi, placeOf(target)]),
    ),
  )
  return [
    ...own,
    ...repeated.map((at) => ({
      path: [at],
      expected: 'a KPI and a slice that no other target has',
    })),
  ]
}

function faultsOf(target: Target, at: number, context: TargetContext): Fault[] {
  const { kpis, byId } = catalogueOf(context.config)
  const kpi = target.kpi === undefined ? undefined : byId(target.kpi)
  return [
    ...kpiFaults(target, kpi, kpis, context),
    ...sliceFaults(target, context),
    ...rangeFaults(target, kpi, context.isSure('targets', at)),
  ]
}

function kpiFaults(
  { kpi: id }: Target,
  kpi: Kpi | undefined,
  kpis: readonly Kpi[],
  { isSure }: TargetContext,
): Fault[] {
  if (
    id === undefined ||
    kpi !== undefined ||
    (!isSure('thresholds') && secondsOfThresholdKpi(id) !== null)
  )
    return []
  const known = kpis.map((one) => one.id)
  return [{ path: ['kpi'], ...oneOf('a KPI', id, known), code: 'unknown-kpi' }]
}

function sliceFaults({ slice }: Target, { config, isSure }: TargetContext): Fault[] {
  if (slice === undefined) return []
  const parsed = parseReadSlice(slice)
  if (!parsed.ok) return [{ path: ['slice'], expected: parsed.expected }]
  if (!isSure('slices') || keepsSlice(parsed.slice, config)) return []
  return [{ path: ['slice'], expected: 'a slice of dimensions that are kept apart: see slices' }]
}

/** Of a KPI that is not known the unit is not known either. */
function rangeFaults({ min, max }: Target, kpi: Kpi | undefined, isSure: boolean): Fault[] {
  if (min === undefined && max === undefined && isSure)
    return [{ path: [], expected: 'a target with min or max' }]
  if (kpi === undefined) return []
  const low = min === undefined ? null : amountIn(kpi.unit, min)
  const high = max === undefined ? null : amountIn(kpi.unit, max)
  if (low?.ok && high?.ok && low.value > high.value)
    return [{ path: ['min'], expected: `at most max, ${high.value}` }]
  const wrong = [
    ...(low === null ? [] : [{ end: 'min', made: low }]),
    ...(high === null ? [] : [{ end: 'max', made: high }]),
  ]
  return wrong.flatMap(({ end, made }) => (made.ok ? [] : [{ path: [end], ...made.fault }]))
}

/** The slice in canonical form; `null`: every slice. */
function placeOf({ slice }: Target): string | null {
  if (slice === undefined) return null
  const parsed = parseReadSlice(slice)
  return parsed.ok ? parsed.text : slice
}
