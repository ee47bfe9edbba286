import type { Measure } from '../measures/measure.ts'
import { exactSum, sumAmounts } from '../measures/merged.ts'
import type { ClosedKind } from '../time/periods.ts'
import type { Kpi, Reading } from './kpi.ts'

/** What a reading of a whole period of this kind adds to a measure: what names a period that such a one contains. `undefined`: nothing. */
export const namedIn = ({ named }: Measure, whole: ClosedKind | null): Measure | undefined =>
  whole === null || whole === 'hour' ? undefined : named?.[whole]

/** The same reading, in which also counts what names a period that it contains. */
export function withNamed(reading: Reading, { measures }: Kpi): Reading {
  if (!measures.some((measure) => namedIn(measure, reading.whole) !== undefined)) return reading
  return {
    ...reading,
    count: (measure) => {
      const named = namedIn(measure, reading.whole)
      const count = reading.count(measure)
      return named === undefined ? count : exactSum(count, reading.count(named))
    },
    money: (measure) => {
      const named = namedIn(measure, reading.whole)
      const money = reading.money(measure)
      return named === undefined ? money : sumAmounts(money, reading.money(named))
    },
  }
}
