import { ratio } from '../kpis/shapes.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Services that customers were offered; `offers.ts` has those of contacts to agents. */
export const saleOffers = family('sale-offers', 36, {
  saleOfferMade: count(1, on('sale-offer', { at: (row) => row.made })),
  saleOfferAccepted: count(
    2,
    on('sale-offer', { at: ({ made, isAccepted }) => (isAccepted ? made : null) }),
  ),
})

/** The same in SQL. */
export const saleOfferSql: FamilySql<keyof typeof saleOffers.measures> = {
  saleOfferMade: [rowsOf('sale-offer', 'made')],
  saleOfferAccepted: [rowsOf('sale-offer', 'made', { where: 'isAccepted' })],
}

const { saleOfferMade, saleOfferAccepted } = saleOffers.measures

const serviceUptakeRate = ratio('service_uptake_rate', {
  name: { en: 'Service uptake rate', zh: '服务办理率' },
  description: {
    en: 'Share of the services offered to customers that they took, at the offer.',
    zh: '客户已办理的服务占向其推荐服务的比例，按推荐时刻统计。',
  },
  direction: 'higher',
  of: saleOfferAccepted,
  per: saleOfferMade,
  dimensions: ['agent', 'queue'],
  docs: {
    formula: 'offers that were accepted ÷ offers that were made',
    countedAt: 'the offer, the first `offer.made` of its id',
    whenEmpty: '`null`, `nothing-happened`: nothing was offered',
    note: 'an acceptance counts where the offer was made, whenever it comes; one of an offer that nobody told is in neither. Credited to the agent and the queue that the offer’s events name last, each else to `none`; offers name no channel (`no-source`)',
  },
})

export const saleOfferKpis = [serviceUptakeRate]
