import { agentMoment, firstOf, lastWord, type OwnIdKind } from './own-id.ts'
import type { EpochMs } from '../../time/time.ts'

/** A call-back visit: due at the instant that was told last, else when it was planned. It is told once it is due. */
export const followUp: OwnIdKind = {
  name: 'follow-up',
  types: ['followup.planned', 'followup.done'],
  idOf: ({ followupId }) => followupId as string,
  tell(events, nowMs) {
    const planned = firstOf(events, 'followup.planned')
    if (planned === undefined) return { rows: [] }
    const dueAt = lastWord(events, 'dueAt')
    const dueMs = (typeof dueAt === 'string' ? Date.parse(dueAt) : planned.timeMs) as EpochMs
    if (dueMs > nowMs) return { rows: [], aheadMs: dueMs }
    const due = { ...agentMoment(events, planned), atMs: dueMs }
    return { rows: [{ grain: 'follow-up', due, isDone: firstOf(events, 'followup.done') !== undefined }], aheadMs: dueMs }
  },
}
