import assert from 'node:assert/strict'
import type {
  Consumption,
  EventLog,
  LogBatch,
  LogRecord,
  Offset,
  PartitionId,
} from '../event-log.ts'
import type { Change, StateStore } from '../state-store.ts'
import type { Timer } from '../timer.ts'
import type { Folded, FoldedChange, Folder, OpenFolder } from './folder.ts'
import {
  acquirePartition,
  PartitionLost,
  type PartitionOwner,
  partitionOwner,
  type LossReason,
  type OwnerTelemetry,
  takeBatch,
} from './owner.ts'
import type { Relay } from './relay.ts'

/** What the processor tells about itself, once a commit or less. */
export type ProcessorTelemetry = OwnerTelemetry & {
  committed(partition: PartitionId, commit: CommitReport): void
}

export type CommitReport = {
  readonly records: number
  readonly entries: number
  readonly foldMs: number
  readonly commitMs: number
  /** Records of the partition that are not yet folded. */
  readonly lag: number
  readonly change: Change
}

export type ProcessorOptions = {
  readonly log: EventLog
  readonly store: StateStore
  readonly topic: string
  readonly group: string
  readonly openFolder: OpenFolder
  readonly relay: Relay
  readonly telemetry: ProcessorTelemetry
  /** A monotonic clock in ms, for telemetry alone. */
  readonly now: () => number
  readonly timer: Timer
}

/** A partition that this process owns; `at`: the batch that it folds, by which it lives among the group. */
type Worker = {
  readonly owner: PartitionOwner
  readonly folder: Folder
  readonly at: { batch: LogBatch }
}

/** `isStopping`: a store that is away is not waited for. What was not committed is folded again by the next owner. */
type Working = ProcessorOptions & { readonly isStopping: () => boolean }

/** Read → load → fold → commit, for every partition that the group gives to this process. */
export async function startProcessor(options: ProcessorOptions): Promise<Consumption> {
  const { log, topic, group } = options
  const workers = new Map<PartitionId, Worker>()
  let isStopping = false
  const working: Working = { ...options, isStopping: () => isStopping }
  const consumption = await log.consume({
    topic,
    group,
    handle: (batch) => handleBatch(working, workers, batch),
  })
  return {
    assigned: () => consumption.assigned(),
    ended: consumption.ended,
    async stop() {
      isStopping = true
      options.relay.stopRetrying()
      await consumption.stop()
      await options.relay.stop()
    },
  }
}

async function handleBatch(
  options: Working,
  workers: Map<PartitionId, Worker>,
  batch: LogBatch,
): Promise<Offset> {
  const { partition, records } = batch
  const worker = workers.get(partition) ?? (await take(options, batch))
  if (worker === null) return records[0]!.offset
  workers.set(partition, worker)
  worker.at.batch = batch
  const { owner } = worker
  const next = await takeBatch(owner, batch, (rest) => foldAndCommit(options, worker, rest), goesOn)
  if (owner.lost() !== null) workers.delete(partition) // The next batch acquires again, if the group still gives us one.
  return next

  /** Hours of silence are many folds of wakes alone: the group must not take the worker for dead. */
  async function goesOn(): Promise<boolean> {
    const isOurs = await batch.keepAlive()
    if (!isOurs) owner.lose('reassigned')
    return isOurs
  }
}

/** One step of the loop. @returns how many records it took. @throws PartitionLost */
async function foldAndCommit(
  options: Working,
  { owner, folder, at }: Worker,
  records: readonly LogRecord[],
): Promise<number> {
  const { telemetry, now } = options
  const startedMs = now()
  const { taken, entries, change: folded } = await fold(owner, folder, records)
  if (taken === 0) assertFewerDue(owner.partition, folded)
  const foldedMs = now()
  const change = await owner.commit(folded, taken === 0 ? null : records[taken - 1]!)
  telemetry.committed(owner.partition, {
    records: taken,
    entries,
    foldMs: foldedMs - startedMs,
    commitMs: now() - foldedMs,
    lag: at.batch.endOffset - change.toOffset,
    change,
  })
  return taken
}

/** A fold of wakes alone that left them as they were would be repeated for ever: a bug. */
function assertFewerDue(partition: PartitionId, { wakes, logTimeMs }: FoldedChange): void {
  const later = wakes.length > 0 && wakes.every(({ atMs }) => atMs === null || atMs > logTimeMs)
  assert.ok(later, `partition ${partition}: a fold took no record and left as many wakes due`)
}

/** Where an older state came back under this very epoch, the fold may stumble: its change would be refused, so that is a loss of the partition and no bug. */
async function fold(
  owner: PartitionOwner,
  folder: Folder,
  records: readonly LogRecord[],
): Promise<Folded> {
  try {
    return await folder.fold(records, owner.load, owner.gap() ?? undefined)
  } catch (error) {
    if (!(error instanceof PartitionLost)) await owner.assertNotPutBack()
    throw error
  }
}

/** Becomes the owner in the store; `null` when the partition was given to another member meanwhile, or this one is to end. @throws DeskpulseError STORE_OTHER_LOG */
async function take(options: Working, batch: LogBatch): Promise<Worker | null> {
  const { partition } = batch
  const { isStopping, openFolder } = options
  const at = { batch }
  async function whyGiveUp(): Promise<LossReason | null> {
    if (isStopping()) return 'stopped'
    return (await at.batch.keepAlive()) ? null : 'reassigned'
  }
  const owning = { ...options, partition, mayWait: () => !isStopping(), whyGiveUp }
  const acquisition = await acquirePartition(owning)
  if (acquisition === null) return null
  const folder = openFolder(partition, acquisition.acquired)
  return { owner: partitionOwner(owning, acquisition), folder, at }
}
