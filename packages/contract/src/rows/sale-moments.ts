import type { RowOf } from '@deskpulse/core/subjects'
import type { CellsOf } from './column.ts'
import { type MomentColumns, momentCells, optionalMoment } from './moment.ts'

export const saleWhats = [
  ...(['paid', 'advised', 'converted', 'inquired', 'bought'] as const),
  ...(['paidBefore', 'retained'] as const),
] as const
type SaleWhat = (typeof saleWhats)[number]

/** What a customer counts for in sales; `first` begins what is said of each. */
export const saleMoments = (first: string) => ({
  ...optionalMoment('paid', `${first} payment of an order`),
  ...optionalMoment('advised', `${first} answer to the customer, for who wrote last or sold`),
  ...optionalMoment('converted', `${first} of these answers after which the customer paid`),
  ...optionalMoment('inquired', `${first} of these answers to one who came to buy`),
  ...optionalMoment('bought', `${first} of these answers after which that customer paid`),
  ...optionalMoment(
    'paidBefore',
    'the begin of the period, where the customer paid in the one before it',
  ),
  ...optionalMoment('retained', `${first} payment of such a customer in the period itself`),
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
    ...momentCells('paidBefore', row.paidBefore ?? null),
    ...momentCells('retained', row.retained ?? null),
  }
}
