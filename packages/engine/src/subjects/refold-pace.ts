import { dayMs, type EpochMs } from '@deskpulse/core/time'

/** Contacts of so many retained events and more, far beyond what people write to each other, are folded anew at a pace. */
const pacedFrom = 512
/** To fold an event once more costs 3 to 4 µs: at this many a millisecond of log time, one contact takes some thirtieth of a core. */
const eventsPerMs = 8

/**
 * When a contact that an event has reached out of order is folded anew: from its base, which costs by its length. A long one, such as a sender's
 * `contactId: "unknown"`, would delay each commit of its partition; it is folded at fixed instants of log time, the more rarely the longer it is, and on
 * the UTC day on which the event came: lifetimes are counted in such days.
 * @param events how many it retains.
 * @returns `null`: at once.
 */
export function refoldAtMs(events: number, receivedMs: EpochMs): EpochMs | null {
  if (events < pacedFrom) return null
  const periodMs = 2 ** Math.ceil(Math.log2(events / eventsPerMs))
  const dayEndMs = (Math.floor(receivedMs / dayMs) + 1) * dayMs
  const atMs = Math.min((Math.floor(receivedMs / periodMs) + 1) * periodMs, dayEndMs - 1)
  return atMs > receivedMs ? (atMs as EpochMs) : null
}
