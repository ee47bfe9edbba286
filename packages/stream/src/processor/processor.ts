import assert from 'node:assert/strict'
import { DeskpulseError, type StreamErrorCode } from '../errors.ts'
import type {
  Consumption,
  EventLog,
  LogBatch,
  LogRecord,
  Offset,
  PartitionId,
} from '../event-log.ts'
import type { Change, Epoch, StateStore } from '../state-store.ts'
import { waitFor, type Timer } from '../timer.ts'
import type { Folded, FoldedChange, Folder, Load, LogGap, OpenFolder } from './folder.ts'
import type { Relay } from './relay.ts'
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

/** What the processor tells about itself, once a commit or less. */
export type ProcessorTelemetry = {
  committed(partition: PartitionId, commit: CommitReport): void
  /** Records that the log no longer holds: what they said is missing from every value. */
  gap(partition: PartitionId, expected: Offset, found: Offset): void
  lost(partition: PartitionId, why: 'fenced' | 'behind' | 'reassigned' | 'stopped'): void
  /** The store, or the log, does not answer; the processor waits and tries again. */
  waiting(partition: PartitionId, error: DeskpulseError): void
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

/** `isStopping`: a store that is away is not waited for. What was not committed is folded again by the next owner. */
type Working = ProcessorOptions & { readonly isStopping: () => boolean }

/** A partition that this worker owns, as far as it knows: the store's epoch decides. */
type Owned = {
  readonly partition: PartitionId
  readonly epoch: Epoch
  readonly folder: Folder
  next: Offset
  /** Changes since it was taken, or since `next` last moved, that left it where it was. */
  step: number
  /** Where a seek was asked for: records that still begin later are gone from the log. */
  soughtTo: Offset | null
  /** What the log lacks between `next` and the record that is folded next. */
  gap: LogGap | null
  /** The record before `next`; `null`: not known. */
  mark: LogMark | null
}

const retryFirstMs = 50
const retryMaxMs = 1_000

/**
 * Read → load → fold → commit, for every partition that the group gives to this process. The stored offset is the only truth: records before it are
 * skipped, a later start is sought back, and a commit that meets another offset or epoch drops what is cached.
 */
export async function startProcessor(options: ProcessorOptions): Promise<Consumption> {
  const { log, topic, group } = options
  const owned = new Map<PartitionId, Owned>()
  let isStopping = false
  const working: Working = { ...options, isStopping: () => isStopping }
  const consumption = await log.consume({
    topic,
    group,
    handle: (batch) => handleBatch(working, owned, batch),
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
  owned: Map<PartitionId, Owned>,
  batch: LogBatch,
): Promise<Offset> {
  const { partition, records } = batch
  const first = records[0]!.offset
  const owner = owned.get(partition) ?? (await take(options, batch))
  if (owner === null) return first
  owned.set(partition, owner)

  if (first > owner.next) {
    const isSought = owner.soughtTo === owner.next
    owner.soughtTo = owner.next
    if (!isSought || !(await isGone(options, partition, owner.next, first))) return owner.next
    options.telemetry.gap(partition, owner.next, first)
    owner.gap = { from: owner.next, to: first }
  }
  owner.soughtTo = null

  let rest = records.filter(({ offset }) => offset >= owner.next)
  if (first < owner.next) await refuseAnotherLog(options, owner, batch)
  while (rest.length > 0) {
    const taken = await foldAndCommit(options, owner, rest, batch)
    if (typeof taken === 'number') {
      rest = rest.slice(taken)
      continue
    }
    owned.delete(partition)
    options.telemetry.lost(partition, taken.why)
    return taken.resumeAt ?? first
  }
  return owner.next
}

type Lost = {
  readonly why: 'fenced' | 'behind' | 'reassigned' | 'stopped'
  readonly resumeAt: Offset | null
}

/** One step of the loop. Returns how many records it took, or how the partition was lost. */
async function foldAndCommit(
  options: Working,
  owner: Owned,
  records: readonly LogRecord[],
  batch: LogBatch,
): Promise<number | Lost> {
  const { store, telemetry, now } = options
  const { partition } = owner
  const startedMs = now()
  const folded = await foldWhatStands(options, owner, records, batch)
  if ('why' in folded) return folded
  const { taken, entries, change: body } = folded
  if (taken === 0) assertFewerDue(partition, body)
  const toOffset = taken === 0 ? owner.next : ((records[taken - 1]!.offset + 1) as Offset)
  const mark = taken === 0 ? owner.mark : markOf(records[taken - 1]!)
  const puts = taken === 0 || mark === null ? body.puts : [...body.puts, putOfMark(mark)]
  const change: Change = {
    ...body,
    puts,
    epoch: owner.epoch,
    fromOffset: owner.next,
    toOffset,
    step: owner.step,
  }
  const foldedMs = now()
  const outcome = await unlessGivenUp(() =>
    insist(options, batch, () => store.commit(partition, change)),
  )
  if (outcome instanceof GivenUp) return lostBy(outcome)
  switch (outcome.kind) {
    case 'committed':
      owner.next = toOffset
      owner.mark = mark
      owner.gap = null
      owner.step = taken === 0 ? owner.step + 1 : 0
      telemetry.committed(partition, {
        records: taken,
        entries,
        foldMs: foldedMs - startedMs,
        commitMs: now() - foldedMs,
        lag: batch.endOffset - toOffset,
        change,
      })
      if (change.out.length > 0) options.relay.wake(partition)
      // Hours of silence are many such folds: the group must not take the worker for dead.
      return taken > 0 || (await batch.keepAlive()) ? taken : { why: 'reassigned', resumeAt: null }
    case 'behind':
      return { why: 'behind', resumeAt: outcome.offset }
    case 'fenced':
      return { why: 'fenced', resumeAt: null } // The next batch acquires again, if the group still gives us one.
  }
}

/** A fold of wakes alone that left them as they were would be repeated for ever: a bug. */
function assertFewerDue(partition: PartitionId, { wakes, logTimeMs }: FoldedChange): void {
  const later = wakes.length > 0 && wakes.every(({ atMs }) => atMs === null || atMs > logTimeMs)
  assert.ok(later, `partition ${partition}: a fold took no record and left as many wakes due`)
}

class Fenced extends Error {}

/**
 * The loads of a fold are no snapshot. What was read while another worker owned the partition does not fit together, and must not be committed: a store
 * that is put back to an older moment may hold this worker's epoch again. Where an older state comes back under this very epoch, the fold may stumble:
 * its change would be refused, so that is a loss of the partition and no bug.
 */
async function foldWhatStands(
  options: Working,
  owner: Owned,
  records: readonly LogRecord[],
  batch: LogBatch,
): Promise<Folded | Lost> {
  const { store } = options
  const { partition } = owner
  const load: Load = async (keys, due, hashes) => {
    const loaded = await insist(options, batch, () => store.load(partition, keys, due, hashes))
    if (loaded.epoch !== owner.epoch) throw new Fenced()
    return loaded
  }
  try {
    const folded = await unlessGivenUp(() =>
      owner.folder.fold(records, load, owner.gap ?? undefined),
    )
    return folded instanceof GivenUp ? lostBy(folded) : folded
  } catch (error) {
    if (error instanceof Fenced) return { why: 'fenced', resumeAt: null }
    const stored = await unlessGivenUp(() =>
      insist(options, batch, () => store.read(partition, { keys: [] })),
    )
    if (stored instanceof GivenUp) return lostBy(stored)
    // An older state may also have the same offset, where changes came since that left it: then it is acquired again.
    if (stored.offset === owner.next && owner.step === 0) throw error
    return { why: 'behind', resumeAt: stored.offset }
  }
}

/** Becomes the owner in the store; `null` when the partition was given to another member meanwhile, or this one is to end. @throws DeskpulseError STORE_OTHER_LOG */
async function take(options: Working, batch: LogBatch): Promise<Owned | null> {
  const { partition } = batch
  if (!(await batch.keepAlive())) return null // A worker that froze must not fence the one that took over.
  const taken = await unlessGivenUp(async () => {
    const acquired = await insist(options, batch, () => options.store.acquire(partition))
    const { values } = await insist(options, batch, () =>
      options.store.load(partition, [logMarkKey], null),
    )
    const mark = markIn(values[0])
    await insist(options, batch, () => refuseOtherLog(options, partition, mark))
    return { acquired, mark }
  })
  if (taken instanceof GivenUp) return null
  const { acquired, mark } = taken
  options.relay.wake(partition) // What the owner before did not publish.
  return {
    partition,
    epoch: acquired.epoch,
    folder: options.openFolder(partition, acquired),
    next: acquired.offset,
    step: 0,
    soughtTo: null,
    gap: null,
    mark,
  }
}

/** A batch that begins before what is folded is an old one, or one of another log. @throws DeskpulseError STORE_OTHER_LOG, STORE_AHEAD */
async function refuseAnotherLog(options: Working, owner: Owned, batch: LogBatch): Promise<void> {
  await refuseShorterLog(options, owner, batch)
  await refuseOtherLog(options, owner.partition, owner.mark).catch((error: unknown) => {
    if (!(error instanceof DeskpulseError) || !retriable.has(error.code)) throw error // Unknown: the next owner asks again.
  })
}

/** What was to be done in the store cannot be done any more. */
class GivenUp extends Error {
  readonly why: 'reassigned' | 'stopped'
  constructor(why: GivenUp['why']) {
    super(why)
    this.why = why
  }
}

async function unlessGivenUp<Result>(act: () => Promise<Result>): Promise<Result | GivenUp> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof GivenUp) return error
    throw error
  }
}

const lostBy = ({ why }: GivenUp): Lost => ({ why, resumeAt: null })

/** Tries until the store, or the log, answers. Other errors are bugs and end the consumption. @throws GivenUp when the partition is no longer ours, or the process is to end. */
async function insist<Result>(
  options: Working,
  batch: LogBatch,
  act: () => Promise<Result>,
): Promise<Result> {
  for (let waitMs = retryFirstMs; ; waitMs = Math.min(2 * waitMs, retryMaxMs)) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof DeskpulseError) || !retriable.has(error.code)) throw error
      options.telemetry.waiting(batch.partition, error)
    }
    if (!options.isStopping()) await waitFor(options.timer, waitMs)
    if (options.isStopping()) throw new GivenUp('stopped')
    if (!(await batch.keepAlive())) throw new GivenUp('reassigned')
  }
}

const retriable: ReadonlySet<StreamErrorCode> = new Set([
  'STORE_UNAVAILABLE',
  'STORE_FULL',
  'LOG_UNAVAILABLE',
])
