import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { PartitionId } from '../event-log.ts'
import { assertChange, changedKeys } from '../state-store-rules.ts'
import type { Acquired, Change, ChangeCursor, CommitOutcome, Epoch, Loaded, ReadQuery, Snapshot, StateStore } from '../state-store.ts'
import { inTransaction, storeError } from './state-store-errors.ts'
import { feedIn } from './state-store-feed.ts'
import { bell, follow } from './state-store-follow.ts'
import { outboxIn } from './state-store-outbox.ts'
import { cursorOf, positionsIn } from './state-store-positions.ts'
import type { Standing } from './state-store-positions.ts'
import { recordsIn } from './state-store-records.ts'
import { openDatabase } from './state-store-schema.ts'
import { timesIn } from './state-store-times.ts'

export type EmbeddedStateStoreOptions = {
  /** The SQLite file; created when missing, its folder is not. */
  readonly file: string
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
 * @throws DeskpulseError STORE_UNAVAILABLE when the file cannot be opened, STORE_LAYOUT when another version wrote it.
 */
export async function embeddedStateStore(options: EmbeddedStateStoreOptions): Promise<StateStore> {
  try {
    return storeOn(openDatabase(options.file, options), options)
  } catch (error) {
    throw storeError(error, `opening ${options.file}`)
  }
}

function storeOn(database: DatabaseSync, { changesKept = 1_000, nowMs = Date.now }: EmbeddedStateStoreOptions): StateStore {
  const [positions, records, times] = [positionsIn(database), recordsIn(database), timesIn(database)]
  const [outbox, feed, commits] = [outboxIn(database), feedIn(database, changesKept), bell()]

  function acquire(partition: PartitionId): Acquired {
    const standing = positions.of(partition)
    const epoch = nextEpoch(standing.epoch)
    positions.set(partition, { ...standing, epoch })
    const { offset, logTimeMs, watermarkMs } = standing
    return { epoch, offset, logTimeMs, watermarkMs }
  }

  function commit(partition: PartitionId, change: Change): CommitOutcome {
    const before = positions.of(partition)
    if (before.epoch !== change.epoch) return { kind: 'fenced' }
    if (before.offset !== change.fromOffset) return { kind: 'behind', offset: before.offset }
    const now = nowMs()
    for (const put of change.puts) records.put(partition, put, now)
    for (const append of change.appends) records.append(partition, append)
    for (const open of change.open) times.changeOpen(partition, open)
    for (const wake of change.wakes) times.changeWake(partition, wake)
    for (const entry of change.out) outbox.add(partition, entry)
    const after = standingAfter(before, change, now)
    feed.add(partition, after, changedKeys(change))
    positions.set(partition, after)
    records.sweep(now)
    return { kind: 'committed' }
  }

  function read(partition: PartitionId, query: ReadQuery): Snapshot {
    const standing = positions.of(partition)
    const { offset, logTimeMs, watermarkMs } = standing
    const changes = query.since === undefined ? 'lost' : feed.after(partition, query.since, changesKept)
    return {
      ...{ offset, logTimeMs, watermarkMs, cursor: cursorOf(standing) },
      values: query.keys.map((key) => records.get(partition, key)),
      open: query.open.map((open) => times.open(partition, open, logTimeMs)),
      changed: changes === 'lost' ? 'lost' : new Set(changes.flatMap((notice) => notice.keys)),
    }
  }

  const writing = <Result>(doing: string, work: () => Result): Result => inTransaction(database, 'BEGIN IMMEDIATE', doing, work)
  const reading = <Result>(doing: string, work: () => Result): Result => inTransaction(database, 'BEGIN', doing, work)
  const nowOf = (partition: PartitionId): ChangeCursor => reading('following', () => cursorOf(positions.of(partition)))

  return {
    acquire: async (partition) => writing(`acquiring partition ${partition}`, () => acquire(partition)),
    load: async (partition, keys, dueUpToMs): Promise<Loaded> =>
      reading(`loading of partition ${partition}`, () => ({
        values: keys.map((key) => records.get(partition, key)),
        wakes: dueUpToMs === null ? [] : times.dueWakes(partition, dueUpToMs),
      })),
    async commit(partition, change) {
      assertChange(change)
      const outcome = writing(`commit of partition ${partition}`, () => commit(partition, change))
      if (outcome.kind === 'committed') commits.ring(partition)
      return outcome
    },
    read: async (partition, query) => reading(`reading partition ${partition}`, () => read(partition, query)),
    follow: (partition, cursor, signal) =>
      follow({
        from: cursor ?? nowOf(partition),
        now: () => nowOf(partition),
        after: (since) => reading('following', () => feed.after(partition, since, followedAtOnce)),
        ended: () => signal.aborted || commits.closed,
        more: () => commits.rung(partition, signal),
      }),
    readOutbox: async (partition, limit) => reading('reading the outbox', () => outbox.oldest(partition, limit)),
    trimOutbox: async (partition, through) => writing('trimming the outbox', () => outbox.trim(partition, through)),
    ping: async () => database.isOpen,
    async close() {
      if (!database.isOpen) return
      commits.close()
      database.close()
    },
  }
}

const nextEpoch = (before: Epoch | null): Epoch => `${(before === null ? 0 : Number.parseInt(before, 10)) + 1}-${randomUUID()}` as Epoch

function standingAfter(before: Standing, { toOffset, logTimeMs, watermarkMs }: Change, stamp: number): Standing {
  return { epoch: before.epoch, offset: toOffset, logTimeMs, watermarkMs, commits: before.commits + 1, stamp }
}
