import type { CanonicalEvent } from '../../events/event.ts'
import { eventTypes, messageSenders, type EventType } from '../../events/types.ts'

/** Room between the types for the senders of `message.sent`, which rank among themselves. */
const sendersPerType = messageSenders.length

const typeRanks = new Map<EventType, number>(
  eventTypes.map((type, index) => [type, index * sendersPerType]),
)
const senderRanks = new Map<string, number>(messageSenders.map((sender, index) => [sender, index]))

/** Rank of an event among those of one instant, source and sequence: a reply must not sort before its question. */
export function rankOf(event: CanonicalEvent): number {
  const rank = typeRanks.get(event.type)!
  return event.type === 'message.sent' ? rank + senderRanks.get(event.data.from!)! : rank
}

/** Compares digits without leading zeros as integers of any length. */
export function compareSequences(a: string, b: string): number {
  if (a === b) return 0
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : 1
}

/**
 * The order of a timeline: time, source, sequence, rank, id (docs/events.md). It is total over distinct identities:
 * 0 means that the two have the same place, hence the same source and id.
 */
export function compareEvents(a: CanonicalEvent, b: CanonicalEvent): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  const bySequence = compareSequences(a.sequence, b.sequence)
  if (bySequence !== 0) return bySequence
  const byRank = rankOf(a) - rankOf(b)
  if (byRank !== 0) return byRank
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}
