import type { RowOf } from '@deskpulse/core/subjects'
import type { Common } from './flatten.ts'
import { momentCells } from './moment.ts'
import type { FlatRowOf } from './tables.ts'

/** What customers were offered and ordered, and what they want back. */
export function flatSale(
  common: Common,
  row: RowOf<'sale-offer'> | RowOf<'refund'> | RowOf<'order'>,
): FlatRowOf<'sale-offer'> | FlatRowOf<'refund'> | FlatRowOf<'order'> {
  switch (row.grain) {
    case 'sale-offer': {
      const { grain, made, isAccepted } = row
      return { grain, ...common, ...momentCells('made', made), isAccepted }
    }
    case 'refund': {
      const { grain, requested, handled, isInTime, isCorrect } = row
      return {
        ...{ grain, ...common },
        ...{ ...momentCells('requested', requested), ...momentCells('handled', handled) },
        ...{ isInTime, isCorrect },
        handleMs: handled === null ? null : handled.atMs - requested.atMs,
      }
    }
    case 'order': {
      const { grain, customerId, placed, paid } = row
      const { isReturned, isRefunded, isReturnedByService, isConverted } = row
      return {
        ...{ grain, ...common, customerId },
        ...{ ...momentCells('placed', placed), ...momentCells('paid', paid) },
        paidMinor: paid?.amountMinor ?? null,
        returnedMinor: paid?.returnedMinor ?? null,
        refundedMinor: paid?.refundedMinor ?? null,
        currency: paid?.currency ?? null,
        ...{ isReturned, isRefunded, isReturnedByService, isConverted },
      }
    }
  }
}
