import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { PartitionId } from '../event-log.ts'
import { changedBy, changedByAll } from '../changed/changed.ts'
import { isHashOfRecords } from '../state-store-rules.ts'
import type {
  Acquired,
  Change,
  ChangeCursor,
  CommitOutcome,
  DueWakes,
  Epoch,
  Loaded,
  ReadQuery,
  Snapshot,
} from '../state-store.ts'
import { type Commit, feedIn, isReadable } from './state-store-feed.ts'
import { hashesIn } from './state-store-hashes.ts'
import { outboxIn } from './state-store-outbox.ts'
import type { Outbox } from './state-store-outbox.ts'
import { cursorOf, positionsIn } from './state-store-positions.ts'
import type { Standing } from './state-store-positions.ts'
import { recordsIn } from './state-store-records.ts'
import { timesIn } from './state-store-times.ts'

/** What the port does to the tables. Each call is to be one transaction of its caller. */
export type State = {
  acquire(partition: PartitionId): Acquired
  load(
    partition: PartitionId,
    keys: readonly string[],
    due: DueWakes | null,
    hashes: readonly string[],
  ): Loaded
  commit(partition: PartitionId, change: Change): CommitOutcome
  read(partition: PartitionId, query: ReadQuery): Snapshot
  newest(partition: PartitionId): ChangeCursor
  changesAfter(
    partition: PartitionId,
    cursor: ChangeCursor,
    limit: number,
  ): readonly Commit[] | 'lost'
  readonly outbox: Outbox
  /** Changes a record of no partition. */
  probe(): void
}

type StateOptions = { readonly changesKept?: number; readonly nowMs?: () => number }

export function stateIn(
  database: DatabaseSync,
  { changesKept = 1_000, nowMs = Date.now }: StateOptions,
): State {
  const [positions, records, times] = [
    positionsIn(database),
    recordsIn(database),
    timesIn(database),
  ]
  const [hashes, outbox, feed] = [
    hashesIn(database),
    outboxIn(database),
    feedIn(database, changesKept),
  ]

  function acquire(partition: PartitionId): Acquired {
    const standing = positions.of(partition)
    const epoch = nextEpoch(standing.epoch)
    positions.set(partition, { ...standing, epoch, step: 0 })
    const { offset, logTimeMs, watermarkMs } = standing
    return { epoch, offset, logTimeMs, watermarkMs }
  }

  function commit(partition: PartitionId, change: Change): CommitOutcome {
    const before = positions.of(partition)
    if (before.epoch !== change.epoch) return { kind: 'fenced' }
    if (before.offset !== change.fromOffset || before.step !== (change.step ?? before.step))
      return { kind: 'behind', offset: before.offset }
    const now = nowMs()
    for (const put of change.puts) records.put(partition, put, now)
    for (const expiry of change.expiries ?? []) records.expireHash(partition, expiry, now)
    for (const append of change.appends) records.append(partition, append)
    for (const field of change.fields ?? []) hashes.change(partition, field)
    for (const list of change.lists ?? []) times.changeList(partition, list)
    for (const wake of change.wakes) times.changeWake(partition, wake)
    for (const entry of change.out) outbox.add(partition, entry)
    const after = standingAfter(before, change, now)
    feed.add(partition, after, changedBy(change))
    positions.set(partition, after)
    records.sweep(now)
    return { kind: 'committed' }
  }

  function read(partition: PartitionId, query: ReadQuery): Snapshot {
    const standing = positions.of(partition)
    const { offset, logTimeMs, watermarkMs } = standing
    const commits =
      query.since === undefined ? 'lost' : feed.after(partition, query.since, changesKept)
    const changed =
      commits !== 'lost' && commits.every(isReadable)
        ? changedByAll(commits.map((commit) => commit.changed))
        : null
    return {
      ...{ offset, logTimeMs, watermarkMs, cursor: cursorOf(standing) },
      values: query.keys.map((key) => records.get(partition, key)),
      lists: (query.lists ?? []).map((one) => times.list(partition, one, logTimeMs)),
      hashes: (query.hashes ?? []).map((one) => hashes.read(partition, one, changed)),
      changed: changed ?? 'lost',
    }
  }

  const load: State['load'] = (partition, keys, due, hashKeys) => ({
    epoch: positions.of(partition).epoch,
    values: keys.map((key) => records.get(partition, key)),
    wakes: due === null ? [] : times.dueWakes(partition, due),
    hashes: hashKeys.map((key) =>
      isHashOfRecords(key) ? records.hash(partition, key) : hashes.whole(partition, key),
    ),
  })

  const newest = (partition: PartitionId): ChangeCursor => cursorOf(positions.of(partition))
  const changesAfter: State['changesAfter'] = (partition, cursor, limit) =>
    feed.after(partition, cursor, limit)
  const probe = (): void =>
    records.put(noPartition, { key: 'probe', bytes: Buffer.from(randomUUID()) }, nowMs())

  return { acquire, commit, read, load, newest, changesAfter, outbox, probe }
}

const noPartition = -1 as PartitionId

const nextEpoch = (before: Epoch | null): Epoch =>
  `${(before === null ? 0 : Number.parseInt(before, 10)) + 1}-${randomUUID()}` as Epoch

function standingAfter(
  before: Standing,
  { toOffset, logTimeMs, watermarkMs }: Change,
  stamp: number,
): Standing {
  const step = toOffset === before.offset ? before.step + 1 : 0
  return {
    epoch: before.epoch,
    offset: toOffset,
    logTimeMs,
    watermarkMs,
    step,
    commits: before.commits + 1,
    stamp,
  }
}
