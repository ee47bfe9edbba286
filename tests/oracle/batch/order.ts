import { type CanonicalEvent, eventTypes, messageSenders } from '@deskpulse/core/events'

/** events.md: time, source, sequence as an integer, rank of the type (and of the sender of a message), id. */
function before(a: CanonicalEvent, b: CanonicalEvent): number {
  const keys = (event: CanonicalEvent): (number | bigint | string)[] => [
    event.timeMs,
    event.source,
    BigInt(event.sequence),
    eventTypes.indexOf(event.type),
    event.type === 'message.sent'
      ? messageSenders.findIndex((sender) => sender === event.data.from)
      : 0,
    event.id,
  ]
  const [ofA, ofB] = [keys(a), keys(b)]
  for (const [index, key] of ofA.entries()) {
    if (key < ofB[index]!) return -1
    if (key > ofB[index]!) return 1
  }
  return 0
}

export const isBefore = (a: CanonicalEvent, b: CanonicalEvent): boolean => before(a, b) < 0

/** What happened, in order, each event once. Of the events of one message the first has the content of the last, and the others say nothing but that their writer was there. */
export function timelineOf(events: readonly CanonicalEvent[]): readonly CanonicalEvent[] {
  const once = [
    ...new Map(events.map((event) => [`${event.source} ${event.id}`, event])).values(),
  ].sort(before)
  return once.map((event) => {
    const { type, data } = event
    if (type !== 'message.sent' || data.messageId === undefined) return event
    const its = once.filter(
      (other) => other.type === 'message.sent' && other.data.messageId === data.messageId,
    )
    if (its[0] !== event) {
      const { contactId, customerId, agentId } = data
      return {
        ...event,
        type: 'contact.updated',
        data: { contactId, customerId, agentId },
      }
    }
    const { visibility, automatic } = its.at(-1)!.data
    return { ...event, data: { ...data, visibility, automatic } }
  })
}
