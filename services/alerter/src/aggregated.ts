import { hashOf, heldOpen, type OpenAnswer, type OpenQuestion } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { heldHashes, type ChangeCursor, type PartitionId, type StateStore } from '@deskpulse/stream'

/** Values and what goes on, parallel to what is asked, of one moment. */
export type Aggregated = {
  readonly values: readonly (Uint8Array | null)[]
  readonly open: readonly OpenAnswer[]
  readonly logTimeMs: EpochMs
}

/** Whether a record is as it was. */
export const isSameRecord = (before: Uint8Array | null, after: Uint8Array | null): boolean =>
  before === null || after === null ? before === after : Buffer.compare(before, after) === 0

export type AggregatedReads = (query: {
  readonly keys: readonly string[]
  readonly open: readonly OpenQuestion[]
}) => Promise<Aggregated>

/**
 * Reads of one partition of the aggregator's store, one after another, each of a moment of its own: the first one brings all that goes on with a tenant,
 * the next ones what changed of it.
 */
export function aggregatedReads(
  store: Pick<StateStore, 'read'>,
  partition: PartitionId,
): AggregatedReads {
  const held = heldHashes(heldOpen, Number.POSITIVE_INFINITY)
  let since: ChangeCursor | undefined
  return async ({ keys, open }) => {
    const hashes = held.query(open.map(hashOf))
    const snapshot = await store.read(partition, { keys, hashes, since })
    held.take(hashes, snapshot)
    since = snapshot.cursor
    const { values, logTimeMs } = snapshot
    return {
      values,
      logTimeMs,
      open: open.map((question) => held.get(hashOf(question))!.answer(question, logTimeMs)),
    }
  }
}
