import type { Dimension, TenantConfig } from '../config/tenant-config.ts'
import { percentile } from '../measures/histogram.ts'
import type { Measure } from '../measures/measure.ts'
import type { OpenKind } from '../state/keys.ts'
import { perPoint } from '../subjects/score.ts'
import { bucketStart } from '../time/time.ts'
import { type ExactInteger, exactSum, type MergedDuration, quotient } from '../measures/merged.ts'
import type {
  DefaultTargets,
  Finding,
  Kpi,
  KpiDirection,
  KpiDocs,
  KpiNumber,
  KpiReason,
  KpiTerms,
  KpiText,
  KpiUnit,
  OpenNeed,
  Reading,
} from './kpi.ts'

/** The few shapes that KPIs have. A family's file says what goes into them: which measures are read is data. */

export type Described = {
  readonly name: KpiText
  readonly description: KpiText
  readonly direction: KpiDirection
  readonly targets?: DefaultTargets
  readonly clocked?: boolean
  /** Default: where it reads what is distinct in a period. */
  readonly isOfWholePeriods?: boolean
  /** Default: any. */
  readonly dimensions?: readonly Dimension[]
  readonly docs: KpiDocs
}
type Percent = 50 | 90 | 95 | 99
export type Find = (reading: Reading) => Finding

/** A KPI of one value that stands alone: shapes add what else theirs have. */
export function kpi(
  id: string,
  unit: KpiUnit,
  measures: readonly Measure[],
  common: Described,
  find: Find,
  terms: KpiTerms | null = null,
): Kpi {
  const {
    name,
    description,
    direction,
    targets = {},
    clocked = false,
    isOfWholePeriods = measures.some((measure) => measure.of !== undefined),
    dimensions = null,
    docs,
  } = common
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
    isOfWholePeriods,
    isComparison: false,
    clocked,
    measures: [...new Set(measures)],
    terms,
    open: [],
    dimensions,
    docs,
    find,
  }
}

export const nothing = (reason: KpiReason): Finding => ({ value: null, reason })

/** One measure, or several that are added up. */
type Terms = Measure | readonly Measure[]
const listOf = (terms: Terms): readonly Measure[] => ('field' in terms ? [terms] : terms)

/** What was counted in these measures together. */
export function sumOf(reading: Reading, terms: Terms): ExactInteger {
  const [first, ...others] = listOf(terms)
  if (first === undefined) return 0
  const count = reading.count(first)
  return others.length === 0
    ? count
    : exactSum(count, ...others.map((measure) => reading.count(measure)))
}

function percentilesOf({ bins }: MergedDuration, percents: readonly Percent[]): Partial<Finding> {
  return Object.fromEntries(
    percents.map((percent) => [`p${percent}`, percentile(bins, percent) ?? undefined]),
  )
}

/** Its numbers, and those of them that rules can look at. */
const averageNumbers = (percents: readonly Percent[]) =>
  ({
    statistics: ['value', 'count', ...percents.map((percent) => `p${percent}` as const)],
    numbers: ['value', 'count', 'sum', ...percents.map((percent) => `p${percent}` as const)],
  }) as const

function averageOf(duration: MergedDuration, percents: readonly Percent[]): Finding {
  if (duration.count <= 0) return { ...nothing('nothing-happened'), count: 0, sum: 0 }
  const { count, sum } = duration
  return { value: quotient(sum, count), count, sum, ...percentilesOf(duration, percents) }
}

/** Average (sum ÷ count) of a duration, with percentiles beside it; `nothing-happened` without any. */
export function average(
  id: string,
  {
    of,
    percentiles,
    ...common
  }: Described & { readonly of: Measure; readonly percentiles: readonly Percent[] },
): Kpi {
  const find: Find = (reading) => averageOf(reading.duration(of), percentiles)
  const terms = { shape: 'average', of: [of] } as const
  return { ...kpi(id, 'ms', [of], common, find, terms), ...averageNumbers(percentiles) }
}

/** The same of how old those are that go on now. */
export function averageAge(
  id: string,
  {
    of,
    percentiles,
    ...common
  }: Described & { readonly of: OpenKind; readonly percentiles: readonly Percent[] },
): Kpi {
  const find: Find = (reading) => averageOf(reading.ages(of), percentiles)
  return {
    ...kpi(id, 'ms', [], common, find, { shape: 'ages', kinds: [of] }),
    ...averageNumbers(percentiles),
    span: 'now',
    open: [{ kind: of, members: 0, isAged: true }],
  }
}

/** By how many of their limits those that are past them are, on average; `nothing-happened` without any. */
export function averageLateness(id: string, { of, ...common }: Described & { of: OpenKind }): Kpi {
  const find: Find = (reading) => {
    const { count, lateness = 0 } = reading.open(of)
    if (count === 0) return { ...nothing('nothing-happened'), count }
    return { value: lateness / (1_000_000 * count), count }
  }
  return {
    ...kpi(id, 'index', [], common, find, { shape: 'lateness', kinds: [of] }),
    ...{ statistics: ['value', 'count'], numbers: ['value', 'count'] },
    span: 'now',
    open: [{ kind: of, members: 0, isAged: true }],
  }
}

/** The longest of durations, within the error of a histogram; `nothing-happened` without any. */
export function highest(id: string, { of, ...common }: Described & { readonly of: Measure }): Kpi {
  const find: Find = (reading) => {
    const { count, bins } = reading.duration(of)
    if (count <= 0) return { ...nothing('nothing-happened'), count: 0 }
    return { value: percentile(bins, 100), count }
  }
  const terms = { shape: 'highest', of: [of] } as const
  return {
    ...kpi(id, 'ms', [of], common, find, terms),
    statistics: ['value', 'count'],
    numbers: ['value', 'count'],
  }
}

/** What stands beside a value. */
type Beside = {
  readonly numbers: readonly KpiNumber[]
  readonly reads: readonly Measure[]
  readonly find: (reading: Reading) => Partial<Finding>
  /** Also where there is no value, as there may be one later. */
  readonly whenEmpty?: boolean
}

type Ratio = {
  readonly of: Terms
  readonly per: Terms
  /** `index`: not a part of a whole, may pass 1. Default: `ratio`. */
  readonly unit?: 'ratio' | 'index'
  readonly beside?: readonly Beside[]
  /** Read by `emptyReason` alone. */
  readonly reads?: readonly Measure[]
  /** Why there is nothing to divide by. Default: `nothing-happened`. */
  readonly emptyReason?: (reading: Reading) => KpiReason
}

/** `of ÷ per`: a part of a whole, in [0, 1], unless it says otherwise. */
export function ratio(
  id: string,
  { of, per, unit = 'ratio', beside = [], reads = [], emptyReason, ...common }: Described & Ratio,
): Kpi {
  const find: Find = (reading) => {
    const numerator = sumOf(reading, of)
    const denominator = sumOf(reading, per)
    const isEmpty = denominator <= 0
    const found: Finding = isEmpty
      ? { ...nothing(emptyReason?.(reading) ?? 'nothing-happened'), numerator, denominator }
      : { value: quotient(numerator, denominator), numerator, denominator }
    return beside
      .filter(({ whenEmpty = false }) => whenEmpty || !isEmpty)
      .reduce<Finding>((finding, { find: more }) => ({ ...finding, ...more(reading) }), found)
  }
  const measures = [...listOf(of), ...listOf(per), ...reads, ...beside.flatMap((one) => one.reads)]
  const numbers = [
    'value',
    'numerator',
    'denominator',
    ...beside.flatMap((one) => one.numbers),
  ] as const
  const terms = { shape: 'ratio', of: listOf(of), per: listOf(per) } as const
  return { ...kpi(id, unit, measures, common, find, terms), numbers }
}

/** Average of scores (millionths of a point ÷ how many there are), in points; `nothing-happened` without any. */
export function points(
  id: string,
  { of, per, ...common }: Described & { readonly of: Measure; readonly per: Measure },
): Kpi {
  const find: Find = (reading) => {
    const [sum, count] = [reading.count(of), Number(reading.count(per))]
    return count <= 0
      ? { ...nothing('nothing-happened'), count, sum }
      : { value: quotient(sum, count) / perPoint, count, sum }
  }
  const terms = { shape: 'points', of: [of], per: [per] } as const
  return {
    ...kpi(id, 'points', [of, per], common, find, terms),
    statistics: ['value', 'count'],
    numbers: ['value', 'count', 'sum'],
  }
}

type Level = {
  readonly of: Measure
  /** It is known in steps of this length, each once it is over. */
  readonly stepMs: number
  /** Read by `emptyReason` alone. */
  readonly reads: readonly Measure[]
  /** Why nothing was measured; `null`: it was, and came to 0. */
  readonly emptyReason: (reading: Reading) => KpiReason | null
}

/** Time of something ÷ the time of which that is known: how many there were on average. */
export function level(
  id: string,
  { of, stepMs, reads, emptyReason, ...common }: Described & Level,
): Kpi {
  const find: Find = (reading) => {
    const { window, asOfMs } = reading
    const sum = reading.count(of)
    const lengthMs = Math.min(window.endMs, bucketStart(asOfMs, stepMs)) - window.startMs
    if (lengthMs <= 0) return { ...nothing('nothing-happened'), sum }
    const reason = sum === 0 ? emptyReason(reading) : null
    return reason === null ? { value: quotient(sum, lengthMs), sum } : { ...nothing(reason), sum }
  }
  const measures = [of, ...reads]
  return {
    ...kpi(id, 'index', measures, common, find, { shape: 'level', of: [of] }),
    numbers: ['value', 'sum'],
  }
}

/** A further share of the denominator. */
export function shareBeside(name: 'identifiedShare', of: Measure, per: Measure): Beside {
  return {
    numbers: [name],
    reads: [of, per],
    find: (reading) => ({ [name]: quotient(reading.count(of), reading.count(per)) }),
  }
}

/** What each part of the numerator comes to, every one also at 0. */
export function breakdownBeside(parts: Readonly<Record<string, Measure>>): Beside {
  const names = Object.keys(parts)
  return {
    numbers: names.map((part) => `breakdown.${part}` as const),
    reads: Object.values(parts),
    find: (reading) => ({
      breakdown: Object.fromEntries(
        names.map((part) => [part, Number(reading.count(parts[part]!))]),
      ),
    }),
  }
}

/** What counts in the measure may change for so long after it; the bucket's end stands for its instant, never too early. */
export function provisionalUntil(
  measure: Measure,
  forMs: (config: TenantConfig) => number,
): Beside {
  const find = (reading: Reading): Partial<Finding> => {
    const lastMs = reading.lastBefore(measure)
    const untilMs = lastMs === null ? -Infinity : lastMs + forMs(reading.config)
    return untilMs > reading.asOfMs ? { provisionalUntil: new Date(untilMs).toISOString() } : {}
  }
  return { numbers: [], reads: [measure], find, whenEmpty: true }
}

type Derived = {
  readonly unit: KpiUnit
  readonly of: readonly Measure[]
  readonly find: Find
}

/** What is worked out of measures by more than sums and quotients: no list of rows adds up to it. */
export function derived(id: string, { unit, of, find, ...common }: Described & Derived): Kpi {
  return kpi(id, unit, of, common, find)
}

/** How often something happened; 0 when it did not. */
export function total(id: string, { of, ...common }: Described & { readonly of: Measure }): Kpi {
  const find: Find = (reading) => ({ value: Number(reading.count(of)) })
  return kpi(id, 'count', [of], common, find, { shape: 'total', of: [of] })
}

/** What a KPI of now says of itself beside what it looks at. */
export type KpiOfNow = Pick<Described, 'name' | 'description' | 'docs'>

type Now = {
  readonly unit: KpiUnit
  readonly open: readonly OpenNeed[]
  readonly find: Find
  readonly parts?: readonly string[]
  /** Default: all that it reads is counted. */
  readonly terms?: KpiTerms
}

/** How things stand at this moment. `parts`: of its breakdown. */
export function now(
  id: string,
  { unit, open, find, parts = [], terms, ...common }: Described & Now,
): Kpi {
  const counted = { shape: 'open', kinds: open.map(({ kind }) => kind) } as const
  return {
    ...kpi(id, unit, [], common, find, terms ?? counted),
    span: 'now',
    open,
    numbers: ['value', ...parts.map((part) => `breakdown.${part}` as const)],
  }
}
