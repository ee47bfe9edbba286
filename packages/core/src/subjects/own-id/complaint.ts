import { agentMoment, firstOf, lastWord, type OwnIdKind } from './own-id.ts'

/** A complaint is made once and settled once: the first of each counts. Whether it was justified, and of whom it is, is the last word. */
export const complaint: OwnIdKind = {
  name: 'complaint',
  types: ['complaint.filed', 'complaint.settled'],
  idOf: ({ complaintId }) => complaintId as string,
  tell(events) {
    const [filed, settled] = [
      firstOf(events, 'complaint.filed'),
      firstOf(events, 'complaint.settled'),
    ]
    const row = {
      grain: 'complaint',
      filed: filed === undefined ? null : agentMoment(events, filed),
      settled: settled === undefined ? null : agentMoment(events, settled),
      justified: lastWord(events, 'justified') === true,
    } as const
    return { rows: [row] }
  },
}
