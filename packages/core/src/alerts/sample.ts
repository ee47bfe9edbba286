import { type Dimension, dimensions } from '../config/tenant-config.ts'
import type { Catalogue } from '../families/catalogue.ts'
import type { Kpi, KpiUnit } from '../kpis/kpi.ts'
import type { KpiValue } from '../kpis/value.ts'
import { parseSlice, type Slice } from '../slices/slice.ts'
import { parseWindow } from '../windows/window.ts'
import type { AlertStatistic, WindowedRule } from './rule.ts'

/** What a windowed rule saw. `value`: `null` = no data. `size`: of how many it is: its denominator or count; 1 for what is not made of many. */
export type Sample = { readonly value: number | null; readonly size: number }

export const noSample: Sample = { value: null, size: 0 }

/**
 * The rule's statistic of its KPI's value. No data when there is none, or when it is of fewer than `minimumSample`: of its denominator (occupancy's is
 * milliseconds of agents) or count. Numbers that nothing is divided in (a backlog, a `count`) are never of too few: 0 is a number like any other.
 */
export function sampleOf(
  rule: Pick<WindowedRule, 'statistic' | 'minimumSample'>,
  kpiValue: KpiValue | undefined,
): Sample {
  if (kpiValue === undefined) return noSample
  const value = kpiValue[rule.statistic] ?? null
  const of = kpiValue.denominator ?? kpiValue.count
  if (of === undefined || rule.statistic === 'count') return { value, size: value === null ? 0 : 1 }
  const size = Number(of)
  return { value: size < rule.minimumSample ? null : value, size }
}

export const statisticsOf = (kpi: Kpi): readonly AlertStatistic[] => kpi.statistics

/** The unit of a statistic: that of its KPI, but for counts. */
export const statisticUnit = (kpi: Kpi, statistic: AlertStatistic): KpiUnit =>
  statistic === 'count' ? 'count' : kpi.unit

/** What a windowed rule looks at: one slice, or every slice of a dimension. */
export type RuleSlice =
  | { readonly kind: 'one'; readonly slice: Slice; readonly text: string }
  | { readonly kind: 'every'; readonly dimension: Dimension }

/** `all`, `queue=billing`, or `queue=*`; `null` when it is neither a slice nor a dimension's every slice. */
export function parseRuleSlice(text: string): RuleSlice | null {
  const every = dimensions.find((dimension) => text === `${dimension}=*`)
  if (every !== undefined) return { kind: 'every', dimension: every }
  const parsed = parseSlice(text)
  return parsed.ok ? { kind: 'one', slice: parsed.slice, text: parsed.text } : null
}

/** What is wrong with a rule: the member at fault, what it may be, what it was. */
export type RuleProblem = {
  readonly member: keyof WindowedRule
  readonly expected: string
  readonly got: string
}

const problem = (
  member: keyof WindowedRule,
  expected: string,
  got: string | number,
): RuleProblem => ({
  member,
  expected,
  got: String(got),
})

/** The first thing that a windowed rule asks for and that does not exist or cannot be meant; `null`: it can be evaluated. */
export function checkWindowedRule(rule: WindowedRule, catalogue: Catalogue): RuleProblem | null {
  const { kpi: id, statistic, slice, window, comparison, threshold, recovery } = rule
  const kpi = catalogue.byId(id)
  if (kpi === undefined)
    return problem('kpi', catalogue.kpis.map((known) => known.id).join(' | '), id)
  if (kpi.isComparison) return problem('kpi', 'a KPI that a slice has by itself', id)
  const offered = statisticsOf(kpi)
  if (!offered.includes(statistic)) return problem('statistic', offered.join(' | '), statistic)
  if (parseRuleSlice(slice) === null)
    return problem('slice', 'all, dimension=value or dimension=*', slice)
  if (parseWindow(window) === null) return problem('window', '1m … 60m, or today', window)
  if (kpi.isOfWholePeriods && window !== 'today')
    return problem('window', `today: ${id} has no value in a sliding window`, window)
  if (statisticUnit(kpi, statistic) === 'ratio') {
    if (!isShare(threshold)) return problem('threshold', 'a share from 0 to 1', threshold)
    if (!isShare(recovery)) return problem('recovery', 'a share from 0 to 1', recovery)
  }
  if (comparison === 'above' && recovery > threshold)
    return problem('recovery', `at most the threshold, ${threshold}`, recovery)
  if (comparison === 'below' && recovery < threshold)
    return problem('recovery', `at least the threshold, ${threshold}`, recovery)
  return null
}

const isShare = (number: number): boolean => number >= 0 && number <= 1
