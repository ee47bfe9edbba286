import { agentMoment, lastWord, type OwnIdKind } from './own-id.ts'

/** A shop's rating by a customer. One that is changed keeps its time. */
export const review: OwnIdKind = {
  name: 'review',
  types: ['review.posted'],
  idOf: ({ reviewId }) => reviewId as string,
  tell(events) {
    const isBad = lastWord(events, 'rating') === 'bad'
    const causedByService = lastWord(events, 'causedByService') !== false
    return {
      rows: [{ grain: 'review', posted: agentMoment(events, events[0]!), isBad, causedByService }],
    }
  },
}
