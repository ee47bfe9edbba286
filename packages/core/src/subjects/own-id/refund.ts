import type { CanonicalEvent } from '../../events/event.ts'
import { agentMoment, firstOf, lastWord, type OwnIdKind, type Telling } from './own-id.ts'

/** A refund is asked for once and handled once: from the first request to the first handling after it. By when it was due, and whether it was right, is the last word. The order that it is of is told of it once it is handled. */
export const refund: OwnIdKind = {
  name: 'refund',
  types: ['refund.requested', 'refund.handled'],
  idOf: ({ refundId }) => refundId as string,
  tell(events) {
    const requested = firstOf(events, 'refund.requested')
    const tells = toldOrder(events)
    if (requested === undefined) return { rows: [], tells }
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
    return { rows: [row], tells }
  },
}

/** Money that was handed back is gone, whether anybody had asked for it or not. Order and money are the last word. */
function toldOrder(events: readonly CanonicalEvent[]): readonly Telling[] {
  const id = lastWord(events, 'orderId')
  if (id === undefined || firstOf(events, 'refund.handled') === undefined) return []
  return [{ to: 'order', id, said: { kind: 'refunded', money: lastWord(events, 'money') ?? null } }]
}
