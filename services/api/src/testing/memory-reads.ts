import type { MemoryStore } from '@deskpulse/engine'
import type { ChangeCursor, Offset, ReadQuery, Snapshot } from '@deskpulse/stream'
import type { EpochMs } from '@deskpulse/core/time'

/** Reads what folds have left in memory, as a store would give it. */
export const readsOf =
  (store: MemoryStore) =>
  ({ keys, hashes = [] }: ReadQuery): Promise<Snapshot> =>
    Promise.resolve({
      offset: 0 as Offset,
      logTimeMs: store.logTimeMs,
      watermarkMs: store.logTimeMs as EpochMs,
      cursor: '0' as ChangeCursor,
      values: keys.map((key) => store.records.get(key) ?? null),
      lists: [],
      hashes: hashes.map(({ key }) => ({
        isWhole: true,
        fields: store.hashes.get(key) ?? new Map<string, Uint8Array>(),
      })),
      changed: 'lost',
    })
