import {
  waitFor,
  type BatchHandler,
  type Consumption,
  type EventLog,
  type LogRecord,
  type NewRecord,
  type Offset,
  type PartitionId,
} from '@deskpulse/stream'
import type { Random } from '../../services/cli/src/simulate/random.ts'
import type { Process, Scheduler } from './scheduler.ts'

type Member = {
  readonly process: Process
  readonly handle: BatchHandler
  readonly running: Map<PartitionId, Promise<unknown>>
  fail(error: unknown): void
}
/** Who has a partition; a new object with every assignment. */
type Assignment = { readonly member: Member }

export type Published = NewRecord & { readonly topic: string }

export type SimulatedLog = {
  of(process: Process): EventLog
  /** What was appended so far; the next record's offset is its length. */
  readonly partitions: readonly LogRecord[][]
  /** What was published to other topics. */
  readonly published: Published[]
  /** Gives each partition to somebody who is alive, perhaps to another one than before. */
  rebalance(): void
  /** The group finds out that a member is gone. */
  expel(process: Process): void
}

const batchMax = 8
const idleMs = 40

/** An EventLog in memory with one topic of partitions and one group, which keeps the port's contract. */
export function simulatedLog(
  scheduler: Scheduler,
  random: Random,
  partitionCount: number,
): SimulatedLog {
  const partitions: LogRecord[][] = Array.from({ length: partitionCount }, () => [])
  const published: Published[] = []
  let members: Member[] = []
  const assignments = new Map<PartitionId, Assignment>()
  const consumed = new Map<PartitionId, number>()

  const assign = (partition: PartitionId, member: Member): void => {
    const assignment = { member }
    assignments.set(partition, assignment)
    // What the group knows of the owner before may be old.
    consumed.set(partition, Math.floor(random.between(0, (consumed.get(partition) ?? 0) + 1)))
    void deliver(partition, assignment).catch((error: unknown) => member.fail(error))
  }

  async function deliver(partition: PartitionId, assignment: Assignment): Promise<void> {
    const { process, handle, running } = assignment.member
    const isOurs = (): boolean => assignments.get(partition) === assignment
    await running.get(partition) // At most one call per partition is under way.
    while (isOurs()) {
      await scheduler.turn(process)
      const records = partitions[partition]!
      const from = consumed.get(partition)!
      if (!isOurs()) return
      if (from >= records.length) {
        await waitFor(scheduler.timerOf(process), idleMs)
        continue
      }
      const call = handle({
        partition,
        records: records.slice(from, from + 1 + Math.floor(random.between(0, batchMax))),
        endOffset: records.length as Offset,
        keepAlive: async () => {
          await scheduler.turn(process)
          return isOurs()
        },
      })
      running.set(partition, call)
      const next = await call
      if (isOurs()) consumed.set(partition, next)
    }
  }

  return {
    partitions,
    published,
    rebalance() {
      const living = members.filter(({ process }) => !process.isDead)
      if (living.length === 0) return
      for (const number of partitions.keys()) {
        const partition = number as PartitionId
        const member = random.pick(living)
        if (assignments.get(partition)?.member !== member || random.chance(0.2))
          assign(partition, member)
      }
    },
    expel(process) {
      members = members.filter((member) => member.process !== process)
      for (const [partition, { member }] of assignments)
        if (member.process === process) assignments.delete(partition)
    },
    of: (process) => ({
      async append(topic, _partition, records) {
        await scheduler.turn(process, { outlives: true })
        published.push(...records.map((record) => ({ ...record, topic })))
        await scheduler.turn(process)
      },
      partitionCount: () => Promise.resolve(1),
      consume: ({ handle }) => {
        const { promise: ended, reject: fail, resolve: stopped } = Promise.withResolvers<void>()
        const member: Member = { process, handle, running: new Map(), fail }
        members.push(member)
        const consumption: Consumption = {
          assigned: () =>
            [...assignments].flatMap(([partition, assignment]) =>
              assignment.member === member ? [partition] : [],
            ),
          ended,
          stop: () => Promise.resolve(stopped()),
        }
        return Promise.resolve(consumption)
      },
      oldestUnconsumed: () =>
        Promise.resolve(
          partitions.map(
            (records, at) => records[consumed.get(at as PartitionId) ?? 0]?.appendedAtMs ?? null,
          ),
        ),
      consumed: () => Promise.resolve(partitions.map(() => null)),
      retained: () => Promise.resolve(partitions.map(() => 0 as Offset)),
      ends: () => Promise.resolve(partitions.map((records) => records.length as Offset)),
      async read(_topic, partition, from, limit) {
        await scheduler.turn(process)
        return partitions[partition]!.slice(from, from + limit)
      },
      ensureTopics: () => Promise.resolve(),
      checkTopics: () => Promise.resolve(),
      ping: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    }),
  }
}
