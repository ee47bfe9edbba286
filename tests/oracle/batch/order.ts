import { eventTypes, messageSenders, type CanonicalEvent } from '@deskpulse/core'

/** events.md: time, source, sequence as an integer, rank of the type (and of the sender of a message), id. */
function before(a: CanonicalEvent, b: CanonicalEvent): number {
  const keys = (event: CanonicalEvent): (number | bigint | string)[] => [
    event.timeMs,
    event.source,
    BigInt(event.sequence),
    eventTypes.indexOf(event.type),
    event.type === 'message.sent' ? messageSenders.findIndex((sender) => sender === event.data.from) : 0,
    event.id,
  ]
  const [ofA, ofB] = [keys(a), keys(b)]
  for (const [index, key] of ofA.entries()) {
    if (key < ofB[index]!) return -1
    if (key > ofB[index]!) return 1
  }
  return 0
}

/** What happened, in order, each event once; of the events of one message, the last alone. */
export function timelineOf(events: readonly CanonicalEvent[]): readonly CanonicalEvent[] {
  const once = [...new Map(events.map((event) => [`${event.source} ${event.id}`, event])).values()].sort(before)
  return once.filter(
    (event, index) =>
      event.type !== 'message.sent' ||
      event.data.messageId === undefined ||
      !once.slice(index + 1).some((later) => later.type === 'message.sent' && later.data.messageId === event.data.messageId),
  )
}
