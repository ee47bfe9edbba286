import { dimensionSet } from '../../measures/dimension-set.ts'
import { firstOf, lastWord, type OwnIdKind } from './own-id.ts'

/** A service that a customer was offered: made once, by the first word, and taken by any word of that. Whose it is, is the last word. */
export const saleOffer: OwnIdKind = {
  name: 'sale-offer',
  types: ['offer.made', 'offer.accepted'],
  idOf: ({ offerId }) => offerId as string,
  tell(events) {
    const made = firstOf(events, 'offer.made')
    if (made === undefined) return { rows: [] }
    const credit = dimensionSet({
      queue: lastWord(events, 'queue') ?? 'none',
      agent: lastWord(events, 'agentId') ?? 'none',
    })
    const isAccepted = firstOf(events, 'offer.accepted') !== undefined
    return { rows: [{ grain: 'sale-offer', made: { atMs: made.timeMs, credit }, isAccepted }] }
  },
}
