import { familiesMax, type CreditScope, type Measure } from '../measures/measure.ts'
import type { Deadline } from '../subjects/row.ts'
import { shifted, type Sink } from './family.ts'

/** Limits in seconds are configuration, so that their measures are made: what came due at one, and what of it was within. */
export type ThresholdMeasures = { readonly due: Measure; readonly within: Measure }

/** The measures of a family for thresholds. Two fields for each second, and four more for what readings on a clock add. */
export type Thresholds = {
  of(seconds: number): ThresholdMeasures
  /** What a measure of these is of; `null`: it is none of them. */
  placeOf(measure: Measure): { readonly seconds: number; readonly isDue: boolean } | null
  /** The measure that a record has in this column; `undefined`: none. */
  at(column: number): Measure | undefined
}

const firstField = 1_000
const firstShift = 200_000

/** `names`: of the measures, to which the seconds are added. `onClocks`: they can be read on either clock. */
export function thresholdsOf(
  family: number,
  names: Readonly<Record<keyof ThresholdMeasures, string>>,
  { onClocks }: { readonly onClocks: boolean },
): Thresholds {
  const made = new Map<number, ThresholdMeasures>() // A memo, not state.

  function make(seconds: number): ThresholdMeasures {
    const measureOf = (name: string, place: 0 | 1): Measure => {
      const field = firstField + 2 * seconds + place
      const measure: Measure = { name: `${name}${seconds}s`, family, field, kind: 'count' }
      const shift = firstShift + 4 * seconds + 2 * place
      return onClocks ? shifted(measure, { calendar: shift, business: shift + 1 }) : measure
    }
    return { due: measureOf(names.due, 0), within: measureOf(names.within, 1) }
  }

  const of = (seconds: number): ThresholdMeasures => made.getOrInsertComputed(seconds, make)
  return {
    of,
    placeOf({ family: number, field }) {
      if (number !== family || field < firstField) return null
      const seconds = Math.floor((field - firstField) / 2)
      return { seconds, isDue: of(seconds).due.field === field }
    },
    at(column) {
      const [number, field] = [column % familiesMax, Math.floor(column / familiesMax)]
      if (number !== family || field < firstField) return undefined
      const isShift = onClocks && field >= firstShift
      const seconds = Math.floor(isShift ? (field - firstShift) / 4 : (field - firstField) / 2)
      const both = Object.values(of(seconds))
      const all = both.flatMap((measure) => [measure, ...Object.values(measure.shifts ?? {})])
      return all.find((measure) => measure.field === field)
    },
  }
}

/** What a row adds that came due at thresholds. `scope`: of what came due; what was within somebody answered. */
export function addDue(
  { of }: Thresholds,
  reached: readonly (Deadline & { readonly seconds: number })[],
  scope: CreditScope,
  sink: Sink,
): void {
  for (const threshold of reached) {
    const { due, within } = of(threshold.seconds)
    sink(due, threshold, 1, scope, threshold.atMs)
    if (threshold.isWithin) sink(within, threshold, 1, 'both', threshold.atMs)
  }
}
