import type { RowOf } from '@deskpulse/core/subjects'
import type { Common } from './flatten.ts'
import { momentCells } from './moment.ts'
import type { FlatRowOf } from './tables.ts'

/** What customers were offered, and what they want back. */
export function flatSale(
  common: Common,
  row: RowOf<'sale-offer'> | RowOf<'refund'>,
): FlatRowOf<'sale-offer'> | FlatRowOf<'refund'> {
  if (row.grain === 'sale-offer') {
    const { grain, made, isAccepted } = row
    return { grain, ...common, ...momentCells('made', made), isAccepted }
  }
  const { grain, requested, handled, isInTime, isCorrect } = row
  return {
    ...{ grain, ...common },
    ...{ ...momentCells('requested', requested), ...momentCells('handled', handled) },
    ...{ isInTime, isCorrect },
    handleMs: handled === null ? null : handled.atMs - requested.atMs,
  }
}
