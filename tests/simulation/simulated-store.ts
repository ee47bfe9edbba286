import type { EpochMs } from '@deskpulse/core/time'
import {
  assertChange,
  DeskpulseError,
  type Change,
  type ChangeCursor,
  type CommitOutcome,
  type Epoch,
  type Offset,
  type OutboxEntry,
  type OutboxId,
  type PartitionId,
  type StateStore,
} from '@deskpulse/stream'
import type { Random } from '../../services/cli/src/simulate/random.ts'
import { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import type { Process, Scheduler } from './scheduler.ts'

type Letter = { readonly position: OutboxId; readonly entry: OutboxEntry }

/** What the store holds of a partition. Bytes are never changed in place, so that a snapshot is a copy of the maps. */
type Part = {
  readonly memory: MemoryStore
  readonly epoch: Epoch | null
  readonly offset: Offset
  readonly step: number
  readonly watermarkMs: EpochMs
  readonly outbox: readonly Letter[]
}

export type SimulatedStore = {
  /** The store as one process reaches it. */
  of(process: Process): StateStore
  /** Nothing answers until then. */
  downUntilMs: number
  /** Chance that a call takes effect, or not, and its answer is an error. */
  errorShare: number
  takeSnapshot(): void
  /** Restores one of the snapshots; what came after it is lost. */
  rollBack(): void
  part(partition: PartitionId): Part
}

const snapshotsMax = 6

/** A StateStore in memory that keeps the port's contract, between processes that die, freeze and meet errors. */
export function simulatedStore(scheduler: Scheduler, random: Random): SimulatedStore {
  let parts = new Map<PartitionId, Part>()
  let snapshots: Map<PartitionId, Part>[] = []
  let serial = 0 // Of epochs and outbox positions: like time, it never goes back.

  const emptyPart = (): Part => ({
    memory: new MemoryStore(),
    epoch: null,
    offset: 0 as Offset,
    step: 0,
    watermarkMs: 0 as EpochMs,
    outbox: [],
  })
  const part = (partition: PartitionId): Part => parts.get(partition) ?? emptyPart()
  const put = (partition: PartitionId, change: Partial<Part>): void => {
    parts.set(partition, { ...part(partition), ...change })
  }

  function commit(partition: PartitionId, change: Change): CommitOutcome {
    assertChange(change)
    const { epoch, offset, step, memory, outbox } = part(partition)
    if (epoch !== change.epoch) return { kind: 'fenced' }
    if (offset !== change.fromOffset || step !== change.step) return { kind: 'behind', offset }
    memory.apply(change)
    memory.out.length = 0 // Kept below, until it is trimmed.
    const letters = change.out.map((entry): Letter => ({
      position: String((serial += 1)).padStart(12, '0') as OutboxId,
      entry,
    }))
    const moved = { offset: change.toOffset, step: change.toOffset === offset ? step + 1 : 0 }
    put(partition, {
      memory,
      ...moved,
      watermarkMs: change.watermarkMs,
      outbox: [...outbox, ...letters],
    })
    return { kind: 'committed' }
  }

  const store: SimulatedStore = {
    downUntilMs: 0,
    errorShare: 0,
    part,
    takeSnapshot() {
      snapshots = [...snapshots, copyOf(parts)].slice(-snapshotsMax)
    },
    rollBack() {
      if (snapshots.length > 0) parts = copyOf(random.pick(snapshots))
    },
    of(process) {
      /** A call is on its way, takes effect, and its answer is on its way. */
      const call = async <Result>(effect: () => Result): Promise<Result> => {
        await scheduler.turn(process, { outlives: true })
        const isDown = scheduler.nowMs() < store.downUntilMs
        const fails = isDown || random.chance(store.errorShare)
        const result = isDown || (fails && random.chance(0.5)) ? null : { is: effect() }
        await scheduler.turn(process)
        if (fails || result === null)
          throw new DeskpulseError('STORE_UNAVAILABLE', 'the store is away')
        return result.is
      }
      return {
        acquire: (partition) =>
          call(() => {
            const { offset, watermarkMs, memory } = part(partition)
            const epoch = `${(serial += 1)}-${random.next()}` as Epoch
            put(partition, { memory, epoch, step: 0 })
            return { epoch, offset, logTimeMs: memory.logTimeMs, watermarkMs }
          }),
        load: async (partition, keys, due, hashes) => {
          const read = await call(() => ({
            epoch: part(partition).epoch,
            loaded: part(partition).memory.load(keys, due, hashes),
          }))
          return { epoch: read.epoch, ...(await read.loaded) }
        },
        commit: (partition, change) => call(() => commit(partition, change)),
        readOutbox: (partition, limit) => call(() => part(partition).outbox.slice(0, limit)),
        trimOutbox: (partition, published) =>
          call(() =>
            put(partition, {
              outbox: part(partition).outbox.filter(
                ({ position }) => !published.includes(position),
              ),
            }),
          ),
        ping: () => call(() => true),
        takesWrites: () => call(() => {}),
        close: () => Promise.resolve(),
        read: (partition) =>
          call(() => {
            const { offset, watermarkMs, memory } = part(partition)
            const position = {
              offset,
              watermarkMs,
              logTimeMs: memory.logTimeMs,
              cursor: '' as ChangeCursor,
            }
            return { ...position, values: [], lists: [], hashes: [], changed: 'lost' }
          }),
        follow: () => {
          throw new Error('nobody follows in this simulation')
        },
      }
    },
  }
  return store
}

function copyOf(parts: ReadonlyMap<PartitionId, Part>): Map<PartitionId, Part> {
  return new Map(
    [...parts].map(([partition, part]) => [
      partition,
      { ...part, memory: copyOfMemory(part.memory) },
    ]),
  )
}

function copyOfMemory({ records, hashes, wakes, logTimeMs }: MemoryStore): MemoryStore {
  const copy = new MemoryStore()
  for (const [key, bytes] of records) copy.records.set(key, bytes)
  for (const [key, fields] of hashes) copy.hashes.set(key, new Map(fields))
  for (const [subject, atMs] of wakes) copy.wakes.set(subject, atMs)
  copy.logTimeMs = logTimeMs
  return copy
}
