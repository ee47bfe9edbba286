import { DeskpulseError } from './errors.ts'
import type { PartitionId } from './event-log.ts'
import type { StateStore } from './state-store.ts'

/**
 * The state that other processes fold, as a reader uses it: what folds of another version made means something else, and is not read. Each read brings
 * the version of its own moment, as one record more; so a partition is read again as soon as a rebuild has made it anew.
 */
export type VersionedState = Pick<StateStore, 'follow'> & {
  /** @throws DeskpulseError STORE_UNREADABLE; what the store throws */
  read: StateStore['read']
  /**
   * Readiness of the reader. Looks at the partitions of which the last read did not find the reader's version, and so at none once all have been read.
   * @throws DeskpulseError STORE_UNREADABLE of the first one that was folded by another version; what the store throws
   */
  check(): Promise<void>
}

export type VersionedStateOptions = {
  readonly store: Pick<StateStore, 'read' | 'follow'>
  readonly partitions: number
  /** The record that tells by which version its partition was folded, in digits. There is none before the first commit. */
  readonly key: string
  /** The reader's. */
  readonly version: number
}

export function versionedState({
  store,
  partitions,
  key,
  version,
}: VersionedStateOptions): VersionedState {
  const ours = new Set<PartitionId>()

  const read: StateStore['read'] = async (partition, query) => {
    const snapshot = await store.read(partition, { ...query, keys: [...query.keys, key] })
    const values = snapshot.values.slice(0, -1)
    const stored = snapshot.values.at(-1) ?? null
    ours.delete(partition)
    if (stored === null) return { ...snapshot, values } // Nothing was folded yet: the first commit may be of any version.
    const found = Buffer.from(stored).toString()
    if (found !== String(version)) throw foldedOtherwise(partition, found, version)
    ours.add(partition)
    return { ...snapshot, values }
  }

  return {
    read,
    follow: (partition, cursor, signal) => store.follow(partition, cursor, signal),
    async check() {
      const all = Array.from({ length: partitions }, (_, partition) => partition as PartitionId)
      const unknown = all.filter((partition) => !ours.has(partition))
      await Promise.all(unknown.map((partition) => read(partition, { keys: [] })))
    },
  }
}

function foldedOtherwise(partition: PartitionId, found: string, version: number): DeskpulseError {
  const what = `partition ${partition} was folded by version ${found} of the folds, this is version ${version}`
  const mend =
    'read again once deskpulse rebuild has made the state anew (docs/operations.md#rebuilding-the-state)'
  return new DeskpulseError('STORE_UNREADABLE', `${what}: ${mend}`)
}
