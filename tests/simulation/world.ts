import { createLogger, createMetrics } from '@deskpulse/runtime'
import { outboxIdHeader, type LogRecord, type PartitionId } from '@deskpulse/stream'
import { startAggregator } from '../../services/aggregator/src/aggregator.ts'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import { drawFaults, type Faults } from './faults.ts'
import { heartbeat, inputOf, type Input, type Span } from './input.ts'
import { newProcess, newScheduler, type Process, type Scheduler } from './scheduler.ts'
import { simulatedLog, type SimulatedLog } from './simulated-log.ts'
import { simulatedStore, type SimulatedStore } from './simulated-store.ts'

/** One a partition. */
const tenants: readonly (readonly [name: string, span: Span])[] = [
  ['acme', 'hours'],
  ['globex', 'weeks'],
]
const workersMax = 2
const wakesMax = 3 // So few that folds of wakes alone, and faults between them, are common.
const stepsMax = 60_000
const heartbeatSteps = 1_000
export const topics = {
  raw: 'raw',
  log: 'log',
  closed: 'closed',
  alerts: 'alerts',
  deadLetter: 'dead-letter',
  access: 'access',
  audit: 'audit',
  customerKeys: 'customer-keys',
}
const logger = createLogger({
  name: 'simulation',
  level: 'silent',
  destination: { write: () => {} },
})

export type World = {
  readonly scheduler: Scheduler
  readonly log: SimulatedLog
  readonly store: SimulatedStore
  readonly inputs: readonly Input[]
  readonly workers: Process[]
  readonly faults: Faults
  /** A worker that ended by itself: there is no reason for it. */
  readonly failures: unknown[]
  startWorker(): Promise<void>
}

/** Two workers fold two partitions while everything goes wrong that may; then they are left alone until nothing changes any more. */
export async function simulateWorld(seed: number): Promise<World> {
  const random = createRandom(seed)
  const inputs = tenants.map(([tenant, span], index) =>
    inputOf(tenant, 2 * seed + index, random, span),
  )
  const scheduler = newScheduler(random)
  const log = simulatedLog(scheduler, random, tenants.length)
  const store = simulatedStore(scheduler, random)
  const workers: Process[] = []
  const failures: unknown[] = []
  let started = 0

  const startWorker = async (): Promise<void> => {
    const process = newProcess(`worker ${(started += 1)}`)
    workers.push(process)
    const consumption = await startAggregator({
      log: log.of(process),
      store: store.of(process),
      topics,
      metrics: createMetrics({ processMetrics: false }),
      logger,
      nowMs: scheduler.nowMs,
      timer: scheduler.timerOf(process),
      wakesMax,
    })
    consumption.ended.catch((error: unknown) => failures.push(error))
    log.rebalance()
  }

  const world: World = {
    scheduler,
    log,
    store,
    inputs,
    workers,
    failures,
    startWorker,
    faults: drawFaults(random),
  }
  for (let count = 0; count < workersMax; count += 1) await startWorker()
  await throughFaults(world, random)
  await untilSettled(world)
  return world
}

/** Until everything is appended: records come, and between any two steps a fault may. */
async function throughFaults(world: World, random: ReturnType<typeof createRandom>): Promise<void> {
  const waiting = world.inputs.map(({ records }) => [...records])
  for (let step = 0; waiting.some((records) => records.length > 0); step += 1) {
    if (random.chance(0.08)) appendNext(world.log, waiting, random.pick([...waiting.keys()]))
    await world.faults.maybe(world)
    await world.scheduler.step()
    if (step > stepsMax) throw new Error('the input never ends')
  }
}

function appendNext(log: SimulatedLog, waiting: LogRecord[][], partition: number): void {
  const record = waiting[partition]!.shift()
  if (record !== undefined) log.partitions[partition]!.push(record)
}

/** Heartbeats go on, as they always do: a worker learns from the next entry that the store has forgotten something. */
async function untilSettled(world: World): Promise<void> {
  const { log, store, scheduler, failures } = world
  await world.faults.end(world)
  for (let step = 0; step === 0 || (!isSettled(log, store) && failures.length === 0); step += 1) {
    if (step % heartbeatSteps === 0)
      for (const records of log.partitions)
        records.push(heartbeat(records.length, records.at(-1)!.appendedAtMs + 250))
    await scheduler.step()
    if (step > stepsMax) throw new Error('it does not settle')
  }
}

/** All is folded, and what is to leave has left. A letter that came back with an older state, after it was published, stays until the next one goes. */
function isSettled(log: SimulatedLog, store: SimulatedStore): boolean {
  const published = new Set(log.published.map(({ headers }) => headers?.[outboxIdHeader]))
  return log.partitions.every((records, number) => {
    const { offset, outbox } = store.part(number as PartitionId)
    return offset === records.length && outbox.every(({ entry }) => published.has(entry.id))
  })
}
