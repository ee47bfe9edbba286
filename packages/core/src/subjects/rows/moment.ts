import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { DatePeriod, WholeDayKind } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'

/** An instant of a row, and where and for whom it counts. */
export type Moment<Credit = DimensionSet> = { readonly atMs: EpochMs; readonly credit: Credit }

/** A moment at which money of a currency counts. */
export type Priced<Credit = DimensionSet> = Moment<Credit> & { readonly currency: string }

/** min(answer, limit). */
export type Deadline<Credit = DimensionSet> = Moment<Credit> & { readonly isWithin: boolean }
export type Threshold<Credit = DimensionSet> = Deadline<Credit> & { readonly seconds: number }

/** What happened in a period: the first instant, and of each place the first one there, ascending. It counts in a slice once, at the first of these that falls in it. */
export type Spread<Credit = DimensionSet> = Moment<Credit> & {
  readonly places: readonly Moment<Credit>[]
}

/** Local dates that a row is about, both inside. `within`: the kinds of periods of which one contains all of them, in which alone it counts. */
export type NamedPeriod = DatePeriod & { readonly within: readonly WholeDayKind[] }

/** `null`: it counts at its instant, in all that holds that. Of one that names a period, the instant is where that begins. */
export type MayNamePeriod = { readonly period: NamedPeriod | null }
