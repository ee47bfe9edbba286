import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'

/** An instant of a row, and where and for whom it counts. */
export type Moment<Credit = DimensionSet> = { readonly atMs: EpochMs; readonly credit: Credit }

/** min(answer, limit). */
export type Deadline<Credit = DimensionSet> = Moment<Credit> & { readonly isWithin: boolean }
export type Threshold<Credit = DimensionSet> = Deadline<Credit> & { readonly seconds: number }

/** What happened in a period: the first instant, and of each place the first one there, ascending. It counts in a slice once, at the first of these that falls in it. */
export type Spread<Credit = DimensionSet> = Moment<Credit> & {
  readonly places: readonly Moment<Credit>[]
}
