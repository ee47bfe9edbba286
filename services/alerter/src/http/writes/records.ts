import { encodeGapAcknowledgement, entryKinds } from '@deskpulse/contract'
import { gapIdOfSubject, installationTenant } from '@deskpulse/core/alerts'
import type { GapAcknowledgement } from '@deskpulse/core/events'
import { encodeFrame, type PartitionId } from '@deskpulse/stream'
import type { AlerterHttpDeps } from '../deps.ts'

/**
 * Who acknowledges an alert of lost records knows that they are missing: answers no longer say so, and the alert is over. An entry of every partition of
 * the log, since all of them may know of the gap. Of another alert: nothing.
 */
export async function acknowledgeRecords(
  { log, topics, partitions, sender }: AlerterHttpDeps,
  subject: string,
  acknowledgement: GapAcknowledgement,
): Promise<void> {
  const gapId = gapIdOfSubject(subject)
  if (gapId === null) return
  const bytes = encodeGapAcknowledgement({ ...acknowledgement, gapId })
  const entries = [{ tenant: installationTenant, kind: entryKinds.gapAcknowledgement, bytes }]
  const value = encodeFrame({ sender, backlogMs: 0, entries })
  const all = Array.from({ length: partitions }, (_, partition) => partition as PartitionId)
  await Promise.all(
    all.map((partition) => log.append(topics.log, partition, [{ key: null, value }])),
  )
}
