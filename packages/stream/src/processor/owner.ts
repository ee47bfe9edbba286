import type { DeskpulseError } from '../errors.ts'
import type { EventLog, LogBatch, LogRecord, Offset, PartitionId } from '../event-log.ts'
import type {
  Acquired,
  Change,
  CommitOutcome,
  Loaded,
  ReadQuery,
  Snapshot,
  StateStore,
} from '../state-store.ts'
import type { FoldedChange, Load, LogGap } from './folder.ts'
import type { Relay } from './relay.ts'
import { isAway, type Retrying, untilAnswered } from './retry.ts'
import {
  isGone,
  type LogMark,
  logMarkKey,
  markIn,
  markOf,
  putOfMark,
  refuseOtherLog,
  refuseShorterLog,
} from './same-log.ts'

/** Why a partition is no longer owned. `reassigned`: the group gave it to another member, or has not given it to anybody yet. */
export type LossReason = 'fenced' | 'behind' | 'reassigned' | 'store-away' | 'stopped'

/** The partition is not owned any more: what is held of it in memory is void. Whether the last change was written may be unknown then. */
export class PartitionLost extends Error {}

export type OwnerTelemetry = {
  /** Records that the log no longer holds: what they said is missing. */
  gap(partition: PartitionId, expected: Offset, found: Offset): void
  lost(partition: PartitionId, why: LossReason): void
  /** The store, or the log, does not answer; it is asked again. */
  waiting(partition: PartitionId, error: DeskpulseError): void
}

export type OwnerOptions = Pick<Retrying, 'timer' | 'mayWait'> & {
  /** Asked before it is acquired and, while the store is away, before each further attempt: why there should be none. */
  readonly whyGiveUp: () => Promise<LossReason | null>
  readonly partition: PartitionId
  readonly log: Pick<EventLog, 'read'>
  readonly topic: string
  readonly store: StateStore
  readonly relay: Pick<Relay, 'wake'>
  readonly telemetry: OwnerTelemetry
}

/** A partition as it was acquired; `mark`: the record before its offset, `null`: not known. */
export type Acquisition = { readonly acquired: Acquired; readonly mark: LogMark | null }

/** Becomes the owner in the store. @returns `null` when it was given up. @throws DeskpulseError STORE_OTHER_LOG */
export async function acquirePartition(options: OwnerOptions): Promise<Acquisition | null> {
  const { partition, store, relay, telemetry } = options
  const goesOn = async (): Promise<boolean> => (await options.whyGiveUp()) === null
  if (!(await goesOn())) return null // A worker that froze must not fence the one that took over.
  const waiting = (error: DeskpulseError): void => telemetry.waiting(partition, error)
  const retrying = { ...options, goesOn, waiting }
  const acquired = await untilAnswered(retrying, () => store.acquire(partition))
  if (acquired === null) return null
  // Once: each would fence the one before it.
  const acquisition = await untilAnswered(retrying, async () => {
    const { values } = await store.load(partition, [logMarkKey], null)
    const mark = markIn(values[0])
    await refuseOtherLog(options, partition, mark)
    return { acquired, mark }
  })
  if (acquisition !== null) relay.wake(partition) // What the owner before did not publish.
  return acquisition
}

/**
 * One ownership of a partition, as far as this process knows: the store's epoch decides. The stored offset is the only truth: records before it are
 * skipped, a later start is sought back, and a commit that meets another offset or epoch loses the partition. While the store is away, each call waits.
 */
export type PartitionOwner = {
  readonly partition: PartitionId
  /** The offset to read next, as it is stored. */
  next(): Offset
  /** What the log lacks between `next` and the record that is taken next. */
  gap(): LogGap | null
  /** @throws PartitionLost */
  readonly load: Load
  /** @throws PartitionLost */
  read(query: ReadQuery): Promise<Snapshot>
  /**
   * Writes a change. `last`: the last record that is in it; `null`: none, the offset stays. `answered` is told what the store says.
   * @throws PartitionLost when it was lost before, or the outcome is no commit.
   */
  commit(
    change: FoldedChange,
    last: LogRecord | null,
    answered?: (outcome: CommitOutcome['kind']) => void,
  ): Promise<Change>
  /** Returns where the store is as this owner left it. @throws PartitionLost where it was put back. */
  assertNotPutBack(): Promise<void>
  /** Finds where a batch begins. @returns the records that are to be taken; none where `next` is to be sought. @throws DeskpulseError STORE_OTHER_LOG, STORE_AHEAD */
  recordsOf(batch: LogBatch): Promise<readonly LogRecord[]>
  /** Refuses everything from now on; what is under way comes to nothing. The first reason stands. `resumeAt`: where to read on. */
  lose(why: LossReason, resumeAt?: Offset): void
  /** `null`: it is owned, as far as is known. */
  lost(): { readonly why: LossReason; readonly resumeAt: Offset | null } | null
  /** @throws PartitionLost */
  assertOwned(): void
}

export function partitionOwner(
  options: OwnerOptions,
  { acquired, mark: markBefore }: Acquisition,
): PartitionOwner {
  const { partition, store, relay, telemetry } = options
  const { epoch } = acquired
  let next = acquired.offset
  /** Changes since it was acquired, or since `next` last moved, that left it where it was. */
  let step = 0
  /** The record before `next`. */
  let mark = markBefore
  /** Where a seek was asked for: records that still begin later are gone from the log. */
  let soughtTo: Offset | null = null
  let gap: LogGap | null = null
  let lost: { readonly why: LossReason; readonly resumeAt: Offset | null } | null = null

  function lose(why: LossReason, resumeAt: Offset | null = null): void {
    if (lost !== null) return
    lost = { why, resumeAt }
    telemetry.lost(partition, why)
  }

  function assertOwned(): void {
    if (lost !== null)
      throw new PartitionLost(`partition ${partition} is not owned any more: ${lost.why}`)
  }

  const retrying: Retrying = {
    ...options,
    async goesOn() {
      const why = lost === null ? await options.whyGiveUp() : null
      if (why !== null) lose(why)
      return lost === null
    },
    waiting: (error) => telemetry.waiting(partition, error),
  }

  /** A commit that the store took without saying so is `behind` when it is asked for again: offset and step were counted. */
  async function answered<Answer extends object>(ask: () => Promise<Answer>): Promise<Answer> {
    assertOwned()
    const answer = await untilAnswered(retrying, ask)
    assertOwned()
    return answer! // It gives up only once it is lost.
  }

  /** Loads are no snapshot: what was read while another worker owned the partition does not fit together, and must not be committed. */
  async function load(...args: Parameters<Load>): Promise<Loaded> {
    const loaded = await answered(() => store.load(partition, ...args))
    if (loaded.epoch !== epoch) lose('fenced')
    assertOwned()
    return loaded
  }

  const read = (query: ReadQuery): Promise<Snapshot> => answered(() => store.read(partition, query))

  return {
    partition,
    next: () => next,
    gap: () => gap,
    load,
    read,
    async commit(body, last, told = () => {}) {
      const toOffset = last === null ? next : ((last.offset + 1) as Offset)
      const moved = last === null ? null : markOf(last)
      const puts = moved === null ? body.puts : [...body.puts, putOfMark(moved)]
      const change: Change = { ...body, puts, epoch, fromOffset: next, toOffset, step }
      const outcome = await answered(() => store.commit(partition, change))
      told(outcome.kind)
      if (outcome.kind !== 'committed') {
        lose(outcome.kind, outcome.kind === 'behind' ? outcome.offset : null)
      }
      assertOwned()
      step = toOffset > next ? 0 : step + 1
      next = toOffset
      mark = moved ?? mark
      gap = null
      if (change.out.length > 0) relay.wake(partition)
      return change
    },
    async assertNotPutBack() {
      const { offset } = await read({ keys: [] })
      // An older state may also have the same offset, where changes came since that left it: then it is acquired again.
      if (offset !== next || step > 0) lose('behind', offset)
      assertOwned()
    },
    async recordsOf(batch) {
      const first = batch.records[0]!.offset
      if (first > next) {
        const isSought = soughtTo === next
        soughtTo = next
        if (!isSought || !(await isGone(options, partition, next, first))) return []
        telemetry.gap(partition, next, first)
        gap = { from: next, to: first }
      }
      soughtTo = null
      if (first < next) await refuseAnotherLog(options, { next, mark }, batch)
      return batch.records.filter(({ offset }) => offset >= next)
    },
    lose,
    lost: () => lost,
    assertOwned,
  }
}

/** A batch that begins before what is folded is an old one, or one of another log. @throws DeskpulseError STORE_OTHER_LOG, STORE_AHEAD */
async function refuseAnotherLog(
  options: OwnerOptions,
  { next, mark }: { readonly next: Offset; readonly mark: LogMark | null },
  batch: LogBatch,
): Promise<void> {
  const { partition } = options
  await refuseShorterLog(options, { partition, next }, batch)
  await refuseOtherLog(options, partition, mark).catch((error: unknown) => {
    if (!isAway(error)) throw error // Unknown: the next owner asks again.
  })
}

/**
 * Takes a batch in. `step` takes in the first of the records, by one commit, and returns how many; `goesOn` is asked between two steps.
 * @returns the offset to read next; where the partition was lost, the one that the store named, else that of the batch: it comes again.
 */
export async function takeBatch(
  owner: PartitionOwner,
  batch: LogBatch,
  step: (records: readonly LogRecord[]) => Promise<number>,
  goesOn: () => Promise<boolean>,
): Promise<Offset> {
  try {
    let rest = await owner.recordsOf(batch)
    while (rest.length > 0) {
      rest = rest.slice(await step(rest))
      if (rest.length > 0 && !(await goesOn())) break
    }
    return owner.next()
  } catch (error) {
    if (!(error instanceof PartitionLost)) throw error
    return owner.lost()?.resumeAt ?? batch.records[0]!.offset
  }
}
