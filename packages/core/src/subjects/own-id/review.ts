import { inquiryOf, judgedCredit, lastWord, type OwnIdKind } from './own-id.ts'

/** A shop's rating by a customer. One that is changed keeps its time. Whose it is: as of a complaint. */
export const review: OwnIdKind = {
  name: 'review',
  types: ['review.posted'],
  idOf: ({ reviewId }) => reviewId as string,
  asks: (events) => inquiryOf(events, events[0]),
  tell(events, _nowMs, _localTime, heard) {
    const isBad = lastWord(events, 'rating') === 'bad'
    const causedByService = lastWord(events, 'causedByService') !== false
    const posted = { atMs: events[0]!.timeMs, credit: judgedCredit(events, heard) }
    return { rows: [{ grain: 'review', posted, isBad, causedByService }] }
  },
}
