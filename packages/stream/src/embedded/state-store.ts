import type { DatabaseSync } from 'node:sqlite'
import type { PartitionId } from '../event-log.ts'
import { assertChange } from '../state-store-rules.ts'
import type { ChangeCursor, StateStore } from '../state-store.ts'
import { inTransaction, storeError } from './state-store-errors.ts'
import { bell, follow } from './state-store-follow.ts'
import { openDatabase } from './state-store-schema.ts'
import { stateIn } from './state-store-state.ts'

export type EmbeddedStateStoreOptions = {
  /** The SQLite file; created when missing, its folder is not. */
  readonly file: string
  /** What to do when the file is damaged, as the end of a sentence. Default: put back a copy, or remove it. */
  readonly whenDamaged?: string
  /** Commits that the change feed of a partition keeps. Default 1,000. */
  readonly changesKept?: number
  /** The file grows no further: a commit that would need more is STORE_FULL. Default: as large as the disk. */
  readonly bytesMax?: number
  /** How long to wait for another process that has the file locked. Default 5,000. */
  readonly lockWaitMs?: number
  /** The clock for expiry and cursors. */
  readonly nowMs?: () => number
}

const followedAtOnce = 100

/**
 * The StateStore in one SQLite file, for one process. Partitions are made as they are acquired.
 *
 * A killed process (SIGKILL, too) loses nothing that `commit` acknowledged. A power cut or a crash of the operating system may take back the
 * last commits, whole ones, newest first: the file is then as it was a moment before, and its worker reads on from the offset it holds.
 * The log must hence be synced before a record is acknowledged, or it could fall behind the store.
 * @throws DeskpulseError STORE_UNAVAILABLE when the file cannot be opened, STORE_DAMAGED when SQLite makes no sense of it, STORE_LAYOUT when another version wrote it.
 */
export async function embeddedStateStore(options: EmbeddedStateStoreOptions): Promise<StateStore> {
  try {
    return storeOn(openDatabase(options.file, options), options)
  } catch (error) {
    throw storeError(error, `opening ${options.file}`, options.file, options.whenDamaged)
  }
}

function storeOn(database: DatabaseSync, options: EmbeddedStateStoreOptions): StateStore {
  const state = stateIn(database, options)
  const commits = bell()
  const writing = <Result>(doing: string, work: () => Result): Result =>
    inTransaction(database, 'BEGIN IMMEDIATE', doing, work, options)
  const reading = <Result>(doing: string, work: () => Result): Result =>
    inTransaction(database, 'BEGIN', doing, work, options)
  const newest = (partition: PartitionId): ChangeCursor =>
    reading('following', () => state.newest(partition))

  return {
    acquire: async (partition) =>
      writing(`acquiring partition ${partition}`, () => state.acquire(partition)),
    load: async (partition, keys, due, hashes = []) =>
      reading(`loading of partition ${partition}`, () => state.load(partition, keys, due, hashes)),
    async commit(partition, change) {
      assertChange(change)
      const outcome = writing(`commit of partition ${partition}`, () =>
        state.commit(partition, change),
      )
      commits.ring(partition) // A follower that finds nothing new waits on.
      return outcome
    },
    read: async (partition, query) =>
      reading(`reading partition ${partition}`, () => state.read(partition, query)),
    follow: (partition, cursor, signal) =>
      follow({
        from: cursor ?? newest(partition),
        newest: () => newest(partition),
        after: (since) =>
          reading('following', () => state.changesAfter(partition, since, followedAtOnce)),
        ended: () => signal.aborted || commits.closed,
        more: () => commits.rung(partition, signal),
      }),
    readOutbox: async (partition, limit) =>
      reading('reading the outbox', () => state.outbox.oldest(partition, limit)),
    trimOutbox: async (partition, published) =>
      writing('trimming the outbox', () => state.outbox.trim(partition, published)),
    ping: async () => database.isOpen,
    takesWrites: async () => writing('writing', () => state.probe()),
    async close() {
      if (!database.isOpen) return
      commits.close()
      database.close()
    },
  }
}
