import { percentile } from '../measures/histogram.ts'
import type { Family, Measure } from '../measures/measure.ts'
import { type ExactInteger, type MergedDuration, quotient } from '../measures/merged.ts'
import type { DefaultTargets, Finding, Kpi, KpiDirection, KpiNumber, KpiReason, KpiText, KpiUnit, OpenNeed, Reading } from './kpi.ts'

/** The few shapes that KPIs have. A family's file says what goes into them. */

type Common = {
  readonly name: KpiText
  readonly description: KpiText
  readonly direction: KpiDirection
  readonly targets?: DefaultTargets
  readonly clocked?: boolean
}
type Percent = 50 | 90 | 95 | 99
type Find = (reading: Reading) => Finding

function kpi(id: string, unit: KpiUnit, families: readonly Family[], common: Common, find: Find): Kpi {
  const { name, description, direction, targets = {}, clocked = false } = common
  return {
    id,
    name,
    description,
    unit,
    direction,
    version: 1,
    targets,
    statistics: ['value'],
    numbers: ['value'],
    span: 'window',
    clocked,
    families,
    open: [],
    find,
  }
}

export const nothing = (reason: KpiReason): Finding => ({ value: null, reason })

/** `numerator ÷ denominator`; `null` with `reason` when there is nothing to divide by. */
export function share(numerator: ExactInteger, denominator: ExactInteger, reason: KpiReason = 'nothing-happened'): Finding {
  if (denominator <= 0) return { ...nothing(reason), numerator, denominator }
  return { value: quotient(numerator, denominator), numerator, denominator }
}

function percentilesOf({ bins }: MergedDuration, percents: readonly Percent[]): Partial<Finding> {
  return Object.fromEntries(percents.map((percent) => [`p${percent}`, percentile(bins, percent) ?? undefined]))
}

/** Average (sum ÷ count) of a duration, with percentiles beside it; `nothing-happened` without any. */
export function average(
  id: string,
  { measure, percentiles, ...common }: Common & { readonly measure: Measure; readonly percentiles: readonly Percent[] },
): Kpi {
  const find: Find = (reading) => {
    const duration = reading.duration(measure)
    if (duration.count <= 0) return { ...nothing('nothing-happened'), count: 0, sum: 0 }
    const { count, sum } = duration
    return { value: quotient(sum, count), count, sum, ...percentilesOf(duration, percentiles) }
  }
  const statistics = ['value', 'count', ...percentiles.map((percent) => `p${percent}` as const)] as const
  const numbers = ['value', 'count', 'sum', ...percentiles.map((percent) => `p${percent}` as const)] as const
  return { ...kpi(id, 'ms', [measure.family], common, find), statistics, numbers }
}

/** A part of a whole, in [0, 1]. `find` is `share` of two readings, and the numbers `beside` it. */
export function ratio(
  id: string,
  {
    family,
    find,
    beside = [],
    ...common
  }: Common & { readonly family: Family; readonly find: Find; readonly beside?: readonly KpiNumber[] },
): Kpi {
  return { ...kpi(id, 'ratio', [family], common, find), numbers: ['value', 'numerator', 'denominator', ...beside] }
}

/** How often something happened; 0 when it did not. */
export function count(id: string, { measure, ...common }: Common & { readonly measure: Measure }): Kpi {
  return kpi(id, 'count', [measure.family], common, (reading) => ({ value: Number(reading.count(measure)) }))
}

type Now = { readonly unit: KpiUnit; readonly open: readonly OpenNeed[]; readonly find: Find; readonly parts?: readonly string[] }

/** How things stand at this moment. `parts`: of its breakdown. */
export function now(id: string, { unit, open, find, parts = [], ...common }: Common & Now): Kpi {
  return { ...kpi(id, unit, [], common, find), span: 'now', open, numbers: ['value', ...parts.map((part) => `breakdown.${part}` as const)] }
}
