import type { TenantConfig } from '@deskpulse/core/config'
import {
  DeskpulseError,
  type EventLog,
  type Offset,
  type PartitionId,
  type ProcessorTelemetry,
  realTimer,
  type Relay,
  startProcessor,
  type StateStore,
  type TopicNames,
} from '@deskpulse/stream'
import { type FolderTelemetry, PartitionFolder } from '@deskpulse/engine'
import { reaching, type Reaching } from './reaching.ts'
import { decidedEntries, nothingTold, silentUpTo, toldBy } from './told.ts'

export type RebuildDeps = {
  readonly log: EventLog
  readonly topics: TopicNames
  /** The new state: nothing is in it, and nobody else folds into it. */
  readonly store: StateStore
  /** The state that stands so far; `null`: there is none that can be read. */
  readonly before: StateStore | null
  /** Of the log's consumers: one that nobody else has, and had. */
  readonly group: string
  /** What the configuration file says of a tenant. */
  readonly configured: (tenant: string) => TenantConfig | undefined
  /** After each commit. */
  readonly progress: (progress: RebuildProgress) => void
  /** The store or the log does not answer; it is tried again. */
  readonly waiting: (error: DeskpulseError) => void
}

export type RebuildProgress = {
  /** Events and other entries of the log that are folded. */
  readonly entries: number
  /** Records that are folded, and that are left as far as is known. */
  readonly records: number
  readonly left: number
}

export type Rebuild = {
  /** Resolves when each partition has been folded to where the log ended then; rejects when that cannot be. What comes meanwhile is folded too. */
  readonly caughtUp: Promise<void>
  /** Resolves when the new state is as far as the one before is now; rejects likewise. */
  overtaken(): Promise<void>
  /** No further commits after those under way. */
  stop(): Promise<void>
  /** Once it is stopped: what the state before has published since the beginning leaves the new outbox. */
  forgetPublished(): Promise<void>
}

/**
 * Folds the log from its first record into a new state, by the same loop and the same folds as an aggregator that catches up. What the state before has
 * published is not published again; everything else waits in the new state's outbox for whoever works on it afterwards.
 * @throws DeskpulseError of the log and of the stores.
 */
export async function startRebuild(deps: RebuildDeps): Promise<Rebuild> {
  const { log, topics, before } = deps
  const topic = topics.log
  const firsts = await log.retained(topic)
  const partitions = firsts.map((_, partition) => partition as PartitionId)
  const told =
    before === null
      ? null
      : await Promise.all(partitions.map((at) => toldBy({ log, topic, store: before }, at)))
  const isEmpty = await Promise.all(
    partitions.map(async (at) => (await log.read(topic, at, firsts[at]!, 1)).length === 0),
  )
  const reached = reaching(partitions.filter((at) => !isEmpty[at]))
  const folding = {
    deadLetterTopic: topics.deadLetter,
    alertsTopic: topics.alerts,
    closedTopic: topics.closed,
    telemetry: silentFolds,
    configured: deps.configured,
  }
  const decided = decidedEntries()
  let isStopping = false

  const processor = await startProcessor({
    ...{
      log,
      topic,
      group: deps.group,
      relay: noRelay,
      now: () => performance.now(),
      timer: realTimer,
    },
    store: acquiredWhile(() => !isStopping, deps.store),
    openFolder: (partition, acquired) =>
      decided.following(
        partition,
        silentUpTo(
          told?.[partition] ?? nothingTold,
          new PartitionFolder(partition, acquired, { ...folding, partitions: partitions.length }),
        ),
      ),
    telemetry: telemetryOf(deps, reached, firsts),
  })
  processor.ended.catch((error: unknown) => reached.fail(error))

  async function stop(): Promise<void> {
    isStopping = true
    reached.fail(new Error('the rebuild was stopped'))
    await processor.stop()
  }

  return {
    caughtUp: reached.caughtUp,
    async overtaken() {
      if (before === null || told === null) return
      // A state of another log is at offsets that this one may never have.
      const offsetOf = async (at: PartitionId): Promise<number> =>
        told[at] === nothingTold ? 0 : (await before.read(at, { keys: [] })).offset
      await reached.at(await Promise.all(partitions.map(offsetOf)))
    },
    stop,
    async forgetPublished() {
      if (before === null || told === null) return
      for (const at of partitions)
        if (told[at] !== nothingTold) await decided.forgetPublished(at, before, deps.store)
    },
  }
}

function telemetryOf(
  deps: RebuildDeps,
  reached: Reaching,
  firsts: readonly Offset[],
): ProcessorTelemetry {
  const [at, left] = [new Map<PartitionId, number>(), new Map<PartitionId, number>()]
  const sum = (counts: Map<PartitionId, number>): number =>
    counts.values().reduce((total, count) => total + count, 0)
  let folded = 0
  return {
    committed(partition, { entries, lag, change: { toOffset } }) {
      folded += entries
      at.set(partition, toOffset - firsts[partition]!)
      left.set(partition, lag)
      reached.committed(partition, toOffset, lag)
      deps.progress({ entries: folded, records: sum(at), left: sum(left) })
    },
    waiting(_partition, error) {
      // Room does not come by waiting, and the state that stands needs it too.
      if (error.code === 'STORE_FULL') reached.fail(error)
      else deps.waiting(error)
    },
    gap: () => {},
    lost: () => {},
  }
}

/** A rebuild that ends takes nothing away from the workers that go on with its state. */
function acquiredWhile(isWanted: () => boolean, store: StateStore): StateStore {
  const over = (): Promise<never> =>
    Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'the rebuild is ending'))
  return { ...store, acquire: (partition) => (isWanted() ? store.acquire(partition) : over()) }
}

const silentFolds: FolderTelemetry = {
  refused: () => {},
  folded: () => {},
  decided: () => {},
  clock: () => {},
}

const noRelay: Relay = { wake: () => {}, stopRetrying: () => {}, stop: () => Promise.resolve() }
