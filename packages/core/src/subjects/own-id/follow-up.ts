import { agentMoment, firstOf, lastWord, type OwnIdKind } from './own-id.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'

/** What is planned for later than this is due then: a date of the year 9999 would be kept for good. */
const aheadMaxMs = 366 * dayMs

/** A call-back visit: due at the instant that was told last, not before it was planned, else when it was planned. It is told once it is due. */
export const followUp: OwnIdKind = {
  name: 'follow-up',
  types: ['followup.planned', 'followup.done'],
  idOf: ({ followupId }) => followupId as string,
  tell(events, nowMs) {
    const planned = firstOf(events, 'followup.planned')
    if (planned === undefined) return { rows: [] }
    const dueAt = lastWord(events, 'dueAt')
    const toldMs = typeof dueAt === 'string' ? Date.parse(dueAt) : planned.timeMs
    const dueMs = Math.min(Math.max(toldMs, planned.timeMs), planned.timeMs + aheadMaxMs) as EpochMs
    if (dueMs > nowMs) return { rows: [], aheadMs: dueMs }
    const due = { ...agentMoment(events, planned), atMs: dueMs }
    return {
      rows: [{ grain: 'follow-up', due, isDone: firstOf(events, 'followup.done') !== undefined }],
      aheadMs: dueMs,
    }
  },
}
