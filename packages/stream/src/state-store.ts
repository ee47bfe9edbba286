import type { Brand, EpochMs } from '@deskpulse/core/time'
import type { Changed } from './changed/changed.ts'
import type { Offset, PartitionId } from './event-log.ts'

/** Identity of one ownership of a partition, compared for equality only. */
export type Epoch = Brand<string, 'Epoch'>
/** Position in a partition's change feed. */
export type ChangeCursor = Brand<string, 'ChangeCursor'>
/** Position in a partition's outbox. */
export type OutboxId = Brand<string, 'OutboxId'>

/** Where a partition stands. A new partition: offset 0, times 0. */
export type Position = {
  readonly offset: Offset
  readonly logTimeMs: EpochMs
  readonly watermarkMs: EpochMs
}
export type Acquired = Position & { readonly epoch: Epoch }

/**
 * `bytes: null` removes the record. `expiresInMs` is garbage collection, not meaning: readers decide by log time.
 *
 * A key `m:<hash>#<field>` names a record of the hash `m:<hash>`, and so under `closed:` and `closing:`: it is some bytes, nothing is appended to it, and the
 * records of a hash expire together, as was last said of any of them. A put that says nothing of it leaves it as it is.
 */
export type Put = {
  readonly key: string
  readonly bytes: Uint8Array | null
  readonly expiresInMs?: number
}
/** All records of this hash expire; in 0 ms: are removed by this change. The change feed does not name them. */
export type HashExpiry = { readonly key: string; readonly expiresInMs: number }
export type Append = { readonly key: string; readonly bytes: Uint8Array }
/** Field `field` of the hash `key` holds these bytes, which are some; `null`: it is gone. One change a field and commit. */
export type FieldChange = {
  readonly key: string
  readonly field: string
  readonly bytes: Uint8Array | null
}
/** Member `member` of the list `key` stands at this score, most often an instant; `null`: it is gone. */
export type ListChange = {
  readonly key: string
  readonly member: string
  readonly score: number | null
}
/** The next wake of a subject in log time, replacing the one before; `null`: none. */
export type WakeChange = { readonly subject: string; readonly atMs: EpochMs | null }
/** What leaves by the outbox. `id` is made from the log position, so that a repeat has the same one. */
export type OutboxEntry = {
  readonly id: string
  readonly topic: string
  readonly key: string
  readonly bytes: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export type Change = {
  readonly epoch: Epoch
  readonly fromOffset: Offset
  readonly toOffset: Offset
  /**
   * How many changes since the acquisition, or since the offset last moved, left the offset where it was: one that finds another count is `behind`, as
   * one that finds another offset is. Absent: not compared, and a change that leaves the offset is then written again when it is sent again.
   */
  readonly step?: number
  readonly logTimeMs: EpochMs
  readonly watermarkMs: EpochMs
  readonly puts: readonly Put[]
  /** Appended after the puts: a put and an append of one key give put + append. */
  readonly appends: readonly Append[]
  /** Of hashes of records, after the puts. Absent: none. */
  readonly expiries?: readonly HashExpiry[]
  /** Absent: none. */
  readonly fields?: readonly FieldChange[]
  /** Absent: none. */
  readonly lists?: readonly ListChange[]
  readonly wakes: readonly WakeChange[]
  readonly out: readonly OutboxEntry[]
}

export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** Another epoch owns the partition. */
  | { readonly kind: 'fenced' }
  /** The stored offset is not `fromOffset`, or not at `step`: drop what is cached and seek to it, forward or backward. */
  | { readonly kind: 'behind'; readonly offset: Offset }

export type Wake = { readonly subject: string; readonly atMs: EpochMs }

/** Wakes at or before `upToMs`, at most `limit` of them: the first ones. */
export type DueWakes = { readonly upToMs: EpochMs; readonly limit: number }

export type Loaded = {
  /** The owner when this was read (`null`: nobody yet). While it is one's own, nobody else has changed what was read. */
  readonly epoch: Epoch | null
  /** Parallel to the keys asked for; `null` = nothing stored. They may be pieces of a larger buffer: what is held for long is a copy. */
  readonly values: readonly (Uint8Array | null)[]
  /** Those asked for, in (time, subject) order. */
  readonly wakes: readonly Wake[]
  /** Parallel to the hashes asked for: all their fields, or records. */
  readonly hashes: readonly ReadonlyMap<string, Uint8Array>[]
}

/** What of a hash to read: these fields and those that changed after the query's `since`; `null`: all. */
export type HashQuery = { readonly key: string; readonly fields: readonly string[] | null }
/**
 * `isWhole`: these are all its fields, as was asked for, or because the change feed does not reach back to `since`. Otherwise the fields that were asked
 * for and those that changed, `null` where there is none.
 */
export type HashResult = {
  readonly isWhole: boolean
  readonly fields: ReadonlyMap<string, Uint8Array | null>
}

/** `members`: how many of the first to return (0 = the count alone). */
export type ListQuery = { readonly key: string; readonly members: number }
/** Members with score ≤ the snapshot's log time; the least score first, ties by member. */
export type ListResult = {
  readonly count: number
  readonly first: readonly { readonly member: string; readonly score: number }[]
}

export type ReadQuery = {
  readonly keys: readonly string[]
  /** Absent: none. */
  readonly lists?: readonly ListQuery[]
  /** Each once. Absent: none. */
  readonly hashes?: readonly HashQuery[]
  /** Also name what changed after this cursor. */
  readonly since?: ChangeCursor
}

/** Everything of one moment: no commit lies between any two parts of it. What was asked for comes parallel to the query. */
export type Snapshot = Position & {
  readonly cursor: ChangeCursor
  /** Each with memory of its own: a reader may hold one for long. */
  readonly values: readonly (Uint8Array | null)[]
  readonly lists: readonly ListResult[]
  readonly hashes: readonly HashResult[]
  /**
   * What commits after `since` up to this moment changed. `'lost'`, anything may have: the feed no longer reaches back to it, or names what changed in a
   * form that this version does not know, or `since` was not given.
   */
  readonly changed: Changed | 'lost'
}

export type CommitNotice = Position & { readonly cursor: ChangeCursor; readonly changed: Changed }

/**
 * Where the feed tells no commits, anything may have changed. `'lost'`: it no longer reaches back, and goes on from now. `'unreadable'`: a commit told what
 * it changed in a form that this version does not know; the commits after it follow.
 */
export type FeedBreak = 'lost' | 'unreadable'

/** The records, hashes, lists, wakes and outbox of all partitions. Adapters: embedded (one file), Redis. The contract suite is its documentation. */
export type StateStore = {
  /** Makes a new epoch the owner of the partition; every earlier one is fenced from then on. */
  acquire(partition: PartitionId): Promise<Acquired>
  /** Values, due wakes (`null`: none) and hashes, by their keys, for the worker, in one round trip. */
  load(
    partition: PartitionId,
    keys: readonly string[],
    due: DueWakes | null,
    hashes?: readonly string[],
  ): Promise<Loaded>
  /** Writes everything in one atomic step, or nothing. Puts whose key starts with `s:` and all appends are private to the worker and not named in the change feed; the other puts, hashes and lists are. */
  commit(partition: PartitionId, change: Change): Promise<CommitOutcome>
  read(partition: PartitionId, query: ReadQuery): Promise<Snapshot>
  /** Each commit after `cursor` (or after now), in order, until `signal` aborts; where that cannot be, a break, once. */
  follow(
    partition: PartitionId,
    cursor: ChangeCursor | null,
    signal: AbortSignal,
  ): AsyncIterable<CommitNotice | FeedBreak>
  /** The oldest outbox entries. */
  readOutbox(
    partition: PartitionId,
    limit: number,
  ): Promise<readonly { readonly position: OutboxId; readonly entry: OutboxEntry }[]>
  /** Removes these entries and no others: the store may have been put back, since they were read, to a state that holds others. Gone ones are no error. */
  trimOutbox(partition: PartitionId, published: readonly OutboxId[]): Promise<void>
  /** `true` when the store answers now: readiness of who reads it. */
  ping(): Promise<boolean>
  /**
   * Writes something that means nothing: readiness of who writes it.
   * @throws DeskpulseError STORE_FULL, STORE_UNAVAILABLE: what a commit would meet now.
   */
  takesWrites(): Promise<void>
  close(): Promise<void>
}
