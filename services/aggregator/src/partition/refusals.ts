import { originalHeaders, originalOf } from '@deskpulse/contract'
import type { OutboxEntry, PartitionId } from '@deskpulse/stream'
import type { Incoming } from './inbox.ts'

/** Why an accepted entry of the log is not counted. */
export type Refusal = { readonly code: string; readonly reason: string }

/** Listed in the dead-letter topic: the canonical, pseudonymised entry (of a huge one the head) and where it stands. A repeat of the fold gives the same id. */
export function refusalEntry(
  partition: PartitionId,
  topic: string,
  { tenant, bytes, place }: Incoming,
  { code, reason }: Refusal,
): OutboxEntry {
  const original = originalOf(bytes)
  const id = `${partition}-${place.offset}-${place.index}`
  return {
    id,
    topic,
    key: tenant,
    bytes: original.bytes,
    headers: {
      ...originalHeaders(original),
      code,
      reason,
      tenant,
      stage: 'fold',
      partition: String(partition),
      offset: String(place.offset),
      index: String(place.index),
    },
  }
}
