import type { ChannelClass, Dimension, TenantConfig } from '../config/tenant-config.ts'
import type { Measure } from '../measures/measure.ts'
import type { Amounts, ExactInteger, MergedDuration } from '../measures/merged.ts'
import type { CountedRow } from '../open/entry.ts'
import type { SalesIndex } from '../scorecards/sales-index.ts'
import type { ReadSlice } from '../slices/slice.ts'
import type { OpenKind } from '../state/keys.ts'
import type { ClosedKind } from '../time/periods.ts'
import type { EpochMs, Interval } from '../time/time.ts'

export type KpiUnit = 'ms' | 'ratio' | 'index' | 'count' | 'points' | 'money'
export type KpiDirection = 'lower' | 'higher' | 'neutral'
export type KpiText = { readonly en: string; readonly zh: string }

/** What a KPI's value can offer as one number. `count`: how many durations an average is of. */
export const kpiStatistics = ['value', 'count', 'p50', 'p90', 'p95', 'p99'] as const
export type KpiStatistic = (typeof kpiStatistics)[number]

/** What a value should be, both ends included. */
export type TargetRange = { readonly min?: number; readonly max?: number }

/** `any`: in every slice; a class: in slices that fix it, by `class=` or by a channel of that class. */
export type DefaultTargets = Readonly<Partial<Record<ChannelClass | 'any', TargetRange>>>

/** What the documentation says of a KPI beside its name and description; Markdown. */
export type KpiDocs = {
  readonly formula: string
  /** The instant, or the time, at which it counts. */
  readonly countedAt: string
  /** What its value is then. */
  readonly whenEmpty: string
  readonly note: string
}

/** Why a value is `null`. */
export const kpiReasons = [
  'nothing-happened',
  'no-agent-states',
  'no-source',
  'not-in-this-window',
  'not-distinct-here',
  'not-kept',
  'several-currencies',
] as const
export type KpiReason = (typeof kpiReasons)[number]

/** Open intervals of one kind in one slice: how many, and the oldest as far as they were asked for. */
export type OpenRead = {
  readonly count: number
  readonly oldest: readonly { readonly sinceMs: EpochMs; readonly row?: CountedRow }[]
  readonly ages?: MergedDuration
  readonly lateness?: number
}

/** Everything that a KPI may look at: the measures of one slice and window, and what is open at one moment, as far as it declares that it reads them. */
export type Reading = {
  /** Of a `count` or a `span` (then with the part of the window that open intervals cover), or how many durations there were: 0 when nothing was added. */
  count(measure: Measure): ExactInteger
  duration(measure: Measure): MergedDuration
  /** Of a `money`; currencies of which there is nothing are not there. */
  money(measure: Measure): Amounts
  /** Nothing counts in this measure at or after it: the end of the last bucket that holds something, or `asOfMs`. `null`: there is none. */
  lastBefore(measure: Measure): EpochMs | null
  open(kind: OpenKind): OpenRead
  /** How old those are that go on now, on the clock of the reading. */
  ages(kind: OpenKind): MergedDuration
  /** The kind of the period that is read whole; `null`: it is a part of an hour, or a sliding window. */
  readonly period: ClosedKind | null
  /** The same, of several slices together, too: what names a period adds up over slices. */
  readonly whole: ClosedKind | null
  readonly slice: ReadSlice
  /** What goes on is read of one slice: of several, what is distinct in each is not in all. */
  readonly isOneSlice: boolean
  readonly config: TenantConfig
  /** In force at the end of what is read: it says on which clock a value is that nobody asked for on one. */
  readonly inForce: TenantConfig
  /** What is read: up to `asOfMs` where it is still going on. */
  readonly window: Interval
  readonly asOfMs: EpochMs
  /** By agent, of all that agents are compared with there; absent: nobody else was read. */
  readonly salesIndexes?: ReadonlyMap<string, SalesIndex> | undefined
}

/** What a KPI finds in a reading, before unit, target and status are added. */
export type Finding = {
  readonly value: number | null
  /** With `value: null` alone. */
  readonly reason?: KpiReason
  readonly numerator?: ExactInteger
  readonly denominator?: ExactInteger
  readonly count?: number
  readonly sum?: ExactInteger
  readonly p50?: number
  readonly p90?: number
  readonly p95?: number
  readonly p99?: number
  /** RFC 3339: since when the longest wait waits. */
  readonly since?: string
  /** RFC 3339: the value may still change by what happens until then. */
  readonly provisionalUntil?: string
  readonly breakdown?: Readonly<Record<string, number>>
  /** Of a value in money: its currency. Its `sum` or `numerator` is in minor units. */
  readonly currency?: string
  /** Of money of several currencies: the value in each, in its main unit. */
  readonly byCurrency?: Readonly<Record<string, number>>
  /** Share of the denominator whose customer is known. */
  readonly identifiedShare?: number
  /** Whom a value counts that counts some of them, or else others. */
  readonly basis?: KpiBasis
}

/** Customers under contract, else those who paid. */
export const kpiBases = ['contracts', 'payers'] as const
export type KpiBasis = (typeof kpiBases)[number]

/** Name of a number in a finding. */
export type KpiNumber =
  | Extract<
      keyof Finding,
      | 'value'
      | 'numerator'
      | 'denominator'
      | 'count'
      | 'sum'
      | 'p50'
      | 'p90'
      | 'p95'
      | 'p99'
      | 'identifiedShare'
    >
  | `breakdown.${string}`

/** Of one slice, so many of those that go on are read at most, longest first. */
export const openMembersMax = 100_000

/** `members`: how many of the oldest the KPI looks at. `isAged`: it looks at the ages of all, on the clock that is asked for. */
export type OpenNeed = {
  readonly kind: OpenKind
  readonly members: number
  readonly isAged?: boolean
}

/**
 * What a value is made of: measures that are added up (`total`), divided by others (`ratio`; of scores, to an average: `points`; to one of averages, each with its weight: `weighted-points`), or divided by the time of which they are (`level`), the one whose durations are averaged or of which the longest is sought (`highest`); money (`money`), less other money, or divided by what is counted (`money-ratio`); subjects, each once (`distinct`: a measure for each kind of period, the shortest first), those of them that are not in others, divided by all of them (`distinct-without`), or those that are something, too (`distinct-ratio`); one such share, or else another one, as the value names its basis (`by-basis`); what goes on, of these kinds
 * (`open`), the one of it that goes on for longest (`longest`), the agent that missed the most offers (`most`), the ages of it, which are averaged, or by how much they pass their limits (`lateness`), averaged too.
 */
export type KpiTerms =
  | {
      readonly shape: 'total' | 'average' | 'highest' | 'distinct'
      readonly of: readonly Measure[]
    }
  | DistinctShare
  | ({ readonly shape: 'by-basis' } & Readonly<Record<KpiBasis, DistinctShare>>)
  | { readonly shape: 'level'; readonly of: readonly Measure[] }
  | {
      readonly shape: 'points' | 'weighted-points'
      readonly of: readonly Measure[]
      readonly per: readonly Measure[]
    }
  | {
      readonly shape: 'money'
      readonly of: readonly Measure[]
      readonly less: readonly Measure[]
    }
  | {
      readonly shape: 'ratio' | 'money-ratio'
      readonly of: readonly Measure[]
      readonly per: readonly Measure[]
    }
  | {
      readonly shape: 'open'
      readonly kinds: readonly OpenKind[]
      /** How much each of them counts, where that is not 1. */
      readonly each?: (row: CountedRow) => number
    }
  | {
      readonly shape: 'longest' | 'most' | 'ages' | 'lateness'
      readonly kinds: readonly OpenKind[]
    }

/** A share of what is counted once in a period of a kind: a measure for each, the shortest first. */
export type DistinctShare =
  | {
      readonly shape: 'distinct-without'
      readonly of: readonly Measure[]
      readonly without: readonly Measure[]
    }
  | {
      readonly shape: 'distinct-ratio'
      readonly of: readonly Measure[]
      readonly per: readonly Measure[]
    }

export type Kpi = {
  readonly id: string
  readonly name: KpiText
  readonly description: KpiText
  readonly unit: KpiUnit
  readonly direction: KpiDirection
  /** Grows whenever the same events would give another value. */
  readonly version: number
  readonly targets: DefaultTargets
  /** Those of `kpiStatistics` that a value of it has when it is not `null`. */
  readonly statistics: readonly KpiStatistic[]
  /** All that a value of it may have, in a fixed order, `value` first. */
  readonly numbers: readonly KpiNumber[]
  /** `now`: says how things stand, so that a closed period has none. */
  readonly span: 'window' | 'now'
  /** A clock runs in it (calendar or business), which the value names. */
  readonly clocked: boolean
  /** Measures that it reads, each once; it can read no other. */
  readonly measures: readonly Measure[]
  /** `null`: more than can be told by its parts. */
  readonly terms: KpiTerms | null
  /** Kinds of what goes on that it reads; it can read no other. */
  readonly open: readonly OpenNeed[]
  /** What it counts belongs to whole periods (hours, days … years), so that a sliding window never has a value of it. */
  readonly isOfWholePeriods: boolean
  /** It compares agents with one another: whoever reads it reads the others, too (`Reading.salesIndexes`). */
  readonly isComparison: boolean
  /** What its rows are credited to: in slices of others it has no value (`no-source`). `null`: any. */
  readonly dimensions: readonly Dimension[] | null
  readonly docs: KpiDocs
  readonly find: (reading: Reading) => Finding
}
