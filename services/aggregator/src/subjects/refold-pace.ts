import type { EpochMs } from '@deskpulse/core'

/** Contacts of so many retained events and more, far beyond what people write to each other, are folded anew at a pace. */
const pacedFrom = 512
/** To fold an event once more costs about 4 µs: at this many a millisecond of log time, one contact takes some thirtieth of a core. */
const eventsPerMs = 8

/**
 * When a contact that an event has reached out of order is folded anew: from its base, which costs by its length. A long one, such as a sender's
 * `contactId: "unknown"`, would delay each commit of its partition; it is folded at fixed instants of log time, the more rarely the longer it is.
 * @param events how many it retains.
 * @returns `null`: at once.
 */
export function refoldAtMs(events: number, receivedMs: EpochMs): EpochMs | null {
  if (events < pacedFrom) return null
  const periodMs = 2 ** Math.ceil(Math.log2(events / eventsPerMs))
  return ((Math.floor(receivedMs / periodMs) + 1) * periodMs) as EpochMs
}
