import type { MemoryStore } from '@deskpulse/engine'
import type {
  ChangeCursor,
  EventLog,
  LogRecord,
  Offset,
  ReadQuery,
  Snapshot,
} from '@deskpulse/stream'

/** Reads what folds have left in memory, as a store would give it. `offset`: of the log, up to which they have come. */
export const readsOf =
  (store: MemoryStore, offset = (): number => 0) =>
  ({ keys, hashes = [] }: ReadQuery): Promise<Snapshot> =>
    Promise.resolve({
      offset: offset() as Offset,
      logTimeMs: store.logTimeMs,
      watermarkMs: store.logTimeMs,
      cursor: String(offset()) as ChangeCursor,
      values: keys.map((key) => store.records.get(key) ?? null),
      lists: [],
      hashes: hashes.map(({ key }) => ({
        isWhole: true,
        fields: store.hashes.get(key) ?? new Map<string, Uint8Array>(),
      })),
      changed: 'lost',
    })

/** A log of these records. */
export const logIn = (records: readonly LogRecord[]): Pick<EventLog, 'read'> => ({
  read: (_topic, _partition, from, limit) =>
    Promise.resolve(records.filter(({ offset }) => offset >= from).slice(0, limit)),
})
