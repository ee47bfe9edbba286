import { createLogger, createMetrics } from '@deskpulse/runtime'
import type { Change, LogRecord, PartitionId, StateStore } from '@deskpulse/stream'
import { startAggregator } from '../../services/aggregator/src/aggregator.ts'
import { until } from '../support/until.ts'
import { cutLog, type Cut } from './cuts.ts'
import type { Installation } from './installation.ts'
import { leftIn, type Left, type Names } from './left.ts'

const withinMs = 150_000
const logger = createLogger({
  name: 'differential',
  level: 'silent',
  destination: { write: () => {} },
})

/** How one installation comes to fold the logs. */
export type Course = {
  readonly cuts: readonly Cut[]
  /** By partition, how many records are there before the process is replaced by another one. */
  readonly before: readonly number[]
  readonly wakesMax: number
}

/** Has the product's aggregator fold the logs of all partitions, once, with one process after another. @returns what each partition leaves. */
export async function foldedBy(
  installation: Installation,
  logs: readonly (readonly LogRecord[])[],
  { cuts, before, wakesMax }: Course,
): Promise<readonly Left[]> {
  const names = logs.map((): Names => ({ records: new Set(), hashes: new Set() }))
  const whole = logs.map(({ length }) => length)
  let from: readonly number[] = logs.map(() => 0)
  for (const to of [before, whole]) {
    await installation.append(logs.map((log, at) => log.slice(from[at], to[at])))
    await using opened = new AsyncDisposableStack()
    const { log, store } = await installation.open()
    opened.defer(() => store.close())
    opened.defer(() => log.close())
    const aggregator = await startAggregator({
      log: cutLog(log, store, cuts),
      store: noting(store, names),
      topics: installation.topics,
      metrics: createMetrics({ processMetrics: false }),
      logger,
      wakesMax,
    })
    await Promise.race([untilFolded(installation, store, to), aggregator.ended])
    await aggregator.stop()
    from = to
  }
  return leftIn(installation, names)
}

/** All is folded, and what is to leave has left. */
async function untilFolded(
  { name }: Installation,
  store: StateStore,
  offsets: readonly number[],
): Promise<void> {
  const waiting = new Map(offsets.entries())
  const ask = async (): Promise<readonly number[]> => {
    const states = [...waiting].map(async ([partition, offset]) => {
      const at = partition as PartitionId
      const [read, outbox] = [await store.read(at, { keys: [] }), await store.readOutbox(at, 1)]
      if (read.offset === offset && outbox.length === 0) waiting.delete(partition)
    })
    await Promise.all(states)
    return [...waiting.keys()]
  }
  await until(`${name} has folded all partitions but`, ask, ({ length }) => length === 0, {
    withinMs,
    everyMs: 100,
  })
}

/** The store, which notes the names of all that is committed to it. */
function noting(store: StateStore, names: readonly Names[]): StateStore {
  const note = ({ records, hashes }: Names, { puts, appends, fields = [] }: Change): void => {
    for (const { key } of [...puts, ...appends]) records.add(key)
    for (const { key } of fields) hashes.add(key)
  }
  return {
    ...store,
    commit(partition, change) {
      note(names[partition]!, change)
      return store.commit(partition, change)
    },
  }
}
