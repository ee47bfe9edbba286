import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAggregator } from '@deskpulse/aggregator'
import type { Config } from '@deskpulse/contract'
import { decodeSliceTable } from '@deskpulse/core/measures'
import { slicesKey } from '@deskpulse/core/state'
import {
  embeddedEventLog,
  embeddedStateStore,
  partitionOf,
  topicSpecs,
  type LogRecord,
  type TopicNames,
} from '@deskpulse/stream'
import type { Client } from '../../support/client.ts'
import { replayedLog } from './replayed-log.ts'
import { quietContext, served } from './served.ts'

export type CleanPassOptions = {
  readonly config: Config
  readonly topics: TopicNames
  /** Of `deskpulse.log`, whole. */
  readonly partitions: readonly (readonly LogRecord[])[]
}

/** A new product that has folded a log in one go, embedded, with nothing going wrong, behind an API of its own. */
export type CleanPass = {
  readonly client: Client
  /** Every slice of a tenant. */
  slicesOf(tenant: string): Promise<readonly string[]>
  [Symbol.asyncDispose](): Promise<void>
}

export async function cleanPass({
  config,
  topics,
  partitions,
}: CleanPassOptions): Promise<CleanPass> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-clean-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const count = partitions.length
  const beside = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  stack.defer(() => beside.close())
  await beside.ensureTopics(topicSpecs(topics, { logPartitions: count, rawPartitions: count }))
  const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  stack.defer(() => store.close())

  const { log, consumed } = replayedLog(topics.log, partitions, beside)
  const context = quietContext(config)
  const aggregator = await startAggregator({ ...context, log, store, topics })
  stack.defer(() => aggregator.stop())
  await consumed()

  const client = await served(stack, store, count, context)
  const running = stack.move()
  return {
    client,
    async slicesOf(tenant) {
      const { values } = await store.read(partitionOf(tenant, count), { keys: [slicesKey(tenant)] })
      const [table = null] = values
      return table === null ? [] : decodeSliceTable(table).texts
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
