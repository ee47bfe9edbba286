import { agentMoment, firstOf, lastWord, type OwnIdKind } from './own-id.ts'

/** A refund is asked for once and handled once: from the first request to the first handling after it. By when it was due, and whether it was right, is the last word. */
export const refund: OwnIdKind = {
  name: 'refund',
  types: ['refund.requested', 'refund.handled'],
  idOf: ({ refundId }) => refundId as string,
  tell(events) {
    const requested = firstOf(events, 'refund.requested')
    if (requested === undefined) return { rows: [] }
    const handled = events.find(
      ({ type, timeMs }) => type === 'refund.handled' && timeMs >= requested.timeMs,
    )
    const dueAt = lastWord(events, 'dueAt')
    const dueMs = typeof dueAt === 'string' ? Date.parse(dueAt) : Infinity
    const row = {
      grain: 'refund',
      requested: agentMoment(events, requested),
      handled: handled === undefined ? null : agentMoment(events, handled),
      isInTime: handled !== undefined && handled.timeMs <= dueMs,
      isCorrect: lastWord(events, 'correct') !== false,
    } as const
    return { rows: [row] }
  },
}
