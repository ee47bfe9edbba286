import type { RowOf } from '@deskpulse/core/subjects'
import type { CellsOf } from './column.ts'
import type { Common } from './flatten.ts'
import { momentCells } from './moment.ts'
import type { FlatRowOf, periodColumns } from './tables.ts'

type ManualGrain = 'quality-review' | 'violation' | 'assessment' | 'employee-survey' | 'cost'

/** Rows of what somebody wrote down by hand. */
export function flatManual(common: Common, row: RowOf<ManualGrain>): FlatRowOf<ManualGrain> {
  switch (row.grain) {
    case 'quality-review': {
      const { grain, counted, period, kind, score, isPassed, criticalErrors } = row
      const { reviewer, form, formVersion, questions } = row
      return {
        ...{ grain, ...common, ...momentCells('counted', counted), ...periodCells(period) },
        ...{ kind, scoreMillionths: score, isPassed, criticalErrors },
        ...{ reviewer, form, formVersion, questions },
      }
    }
    case 'violation': {
      const { grain, recorded, kind, count: violations } = row
      return { grain, ...common, ...momentCells('recorded', recorded), kind, violations }
    }
    case 'assessment': {
      const { grain, counted, period, kind, rater, score, isPassed } = row
      return {
        ...{ grain, ...common, ...momentCells('counted', counted), ...periodCells(period) },
        ...{ kind, rater, scoreMillionths: score, isPassed },
      }
    }
    case 'employee-survey': {
      const { grain, answered, score: scoreMillionths } = row
      return { grain, ...common, ...momentCells('answered', answered), scoreMillionths }
    }
    case 'cost': {
      const { grain, counted, period, kind, amountMinor } = row
      return {
        ...{ grain, ...common, ...momentCells('counted', counted), ...periodCells(period) },
        ...{ kind, amountMinor, currency: counted.currency },
      }
    }
  }
}

const periodCells = (period: RowOf<'assessment'>['period']): CellsOf<typeof periodColumns> => ({
  periodStart: period?.start ?? null,
  periodEnd: period?.end ?? null,
  countsIn: period?.within.join(',') ?? null,
})
