import { familiesMax, type CreditScope, type Measure, twinsOf } from '../measures/measure.ts'
import type { Deadline } from '../subjects/row.ts'
import type { EpochMs } from '../time/time.ts'
import { enteredIn, shifted, type Sink } from './family.ts'

/** Limits in seconds are configuration, so that their measures are made: what came due at one, and what of it was within. */
export type ThresholdMeasures = { readonly due: Measure; readonly within: Measure }

/** The measures of a family for thresholds. Two fields for each second, and more for other readings: four on a clock, two by entry. */
export type Thresholds = {
  of(seconds: number): ThresholdMeasures
  /** What a measure of these is of; `null`: it is none of them. */
  placeOf(measure: Measure): { readonly seconds: number; readonly isDue: boolean } | null
  /** The measure that a record has in this column; `undefined`: none. */
  at(column: number): Measure | undefined
}

const firstField = 1_000
const firstShift = 200_000
const firstEntry = 600_000

/** `names`: of the measures, to which the seconds are added. `read`: on either clock, or by entry as well as at the instant at which they are due. */
export function thresholdsOf(
  family: number,
  names: Readonly<Record<keyof ThresholdMeasures, string>>,
  read: 'onClocks' | 'byEntry',
): Thresholds {
  const made = new Map<number, ThresholdMeasures>() // A memo, not state.

  function make(seconds: number): ThresholdMeasures {
    const measureOf = (name: string, place: 0 | 1): Measure => {
      const field = firstField + 2 * seconds + place
      const measure: Measure = { name: `${name}${seconds}s`, family, field, kind: 'count' }
      if (read === 'byEntry') return enteredIn(measure, firstEntry + 2 * seconds + place)
      const shift = firstShift + 4 * seconds + 2 * place
      return shifted(measure, { calendar: shift, business: shift + 1 })
    }
    return { due: measureOf(names.due, 0), within: measureOf(names.within, 1) }
  }

  const of = (seconds: number): ThresholdMeasures => made.getOrInsertComputed(seconds, make)
  const secondsOf = (field: number): number => {
    if (field >= firstEntry) return Math.floor((field - firstEntry) / 2)
    return Math.floor(field >= firstShift ? (field - firstShift) / 4 : (field - firstField) / 2)
  }
  return {
    of,
    placeOf({ family: number, field }) {
      if (number !== family || field < firstField) return null
      const seconds = secondsOf(field)
      return { seconds, isDue: of(seconds).due.field === field }
    },
    at(column) {
      const [number, field] = [column % familiesMax, Math.floor(column / familiesMax)]
      if (number !== family || field < firstField) return undefined
      const both = Object.values(of(secondsOf(field)))
      const all = both.flatMap((measure) => [measure, ...twinsOf(measure)])
      return all.find((measure) => measure.field === field)
    },
  }
}

/** What a row adds that came due at thresholds. `scope`: of what came due; what was within somebody answered. `enteredMs`: where it counts by entry. */
export function addDue(
  { of }: Thresholds,
  reached: readonly (Deadline & { readonly seconds: number })[],
  scope: CreditScope,
  sink: Sink,
  enteredMs: EpochMs | null = null,
): void {
  const add = (measure: Measure, at: Deadline, its: CreditScope): void => {
    const { atEntry } = measure
    sink(measure, at, 1, its, at.atMs)
    if (atEntry !== undefined && enteredMs !== null)
      sink(atEntry, { atMs: enteredMs, credit: at.credit }, 1, its, enteredMs)
  }
  for (const threshold of reached) {
    const { due, within } = of(threshold.seconds)
    add(due, threshold, scope)
    if (threshold.isWithin) add(within, threshold, 'both')
  }
}
