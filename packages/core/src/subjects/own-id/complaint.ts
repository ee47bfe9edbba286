import type { CanonicalEvent } from '../../events/event.ts'
import type { Moment } from '../row.ts'
import { firstOf, inquiryOf, judgedCredit, lastWord, type OwnIdKind } from './own-id.ts'

/**
 * A complaint is made once and settled once: the first of each counts. Whether it was justified, and of whom it is, is the last word; without one it is of who served the customer in the
 * contact that it names, before it was made.
 */
export const complaint: OwnIdKind = {
  name: 'complaint',
  types: ['complaint.filed', 'complaint.settled'],
  idOf: ({ complaintId }) => complaintId as string,
  asks: (events) => inquiryOf(events, filedIn(events) ?? settledIn(events)),
  tell(events, _nowMs, _localTime, heard) {
    const credit = judgedCredit(events, heard)
    const momentOf = (event: CanonicalEvent | undefined): Moment | null =>
      event === undefined ? null : { atMs: event.timeMs, credit }
    const row = {
      grain: 'complaint',
      filed: momentOf(filedIn(events)),
      settled: momentOf(settledIn(events)),
      justified: lastWord(events, 'justified') === true,
    } as const
    return { rows: [row] }
  },
}

const filedIn = (events: readonly CanonicalEvent[]): CanonicalEvent | undefined =>
  firstOf(events, 'complaint.filed')
const settledIn = (events: readonly CanonicalEvent[]): CanonicalEvent | undefined =>
  firstOf(events, 'complaint.settled')
