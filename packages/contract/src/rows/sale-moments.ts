import type { RowOf } from '@deskpulse/core/subjects'
import type { CellsOf } from './column.ts'
import { type MomentColumns, momentCells, optionalMoment } from './moment.ts'

export const saleWhats = ['paid', 'advised', 'converted', 'inquired', 'bought'] as const
type SaleWhat = (typeof saleWhats)[number]

/** What a customer counts for in sales; `first` begins what is said of each. */
export const saleMoments = (first: string) => ({
  ...optionalMoment('paid', `${first} payment of an order`),
  ...optionalMoment('advised', `${first} answer to the customer, for who wrote last or sold`),
  ...optionalMoment('converted', `${first} of these answers after which the customer paid`),
  ...optionalMoment('inquired', `${first} of these answers to one who came to buy`),
  ...optionalMoment('bought', `${first} of these answers after which that customer paid`),
})

export function saleCells(
  row: Pick<RowOf<'customer-period'>, SaleWhat>,
): CellsOf<MomentColumns<SaleWhat, true>> {
  return {
    ...momentCells('paid', row.paid ?? null),
    ...momentCells('advised', row.advised ?? null),
    ...momentCells('converted', row.converted ?? null),
    ...momentCells('inquired', row.inquired ?? null),
    ...momentCells('bought', row.bought ?? null),
  }
}
