import { startAggregator } from '@deskpulse/aggregator'
import { createLogger, createMetrics } from '@deskpulse/runtime'
import { embeddedStateStore, type EventLog, type StateStore } from '@deskpulse/stream'
import { filledLog, topics } from '../data/filled-log.ts'
import type { BenchCase } from './case.ts'

/** The whole aggregator on the embedded log and the embedded store, both on disk: it catches up with a log that is there. */
export async function openEmbeddedAggregator(count: number): Promise<BenchCase> {
  const filled = await filledLog(count)
  let opened: { readonly log: EventLog; readonly store: StateStore } | null = null

  async function closeOpened(): Promise<void> {
    await opened?.log.close()
    await opened?.store.close()
  }

  return {
    async prepare() {
      await closeOpened()
      const { log, storeFile } = await filled.copy()
      opened = { log, store: await embeddedStateStore({ file: storeFile }) }
    },
    async run() {
      const { log, store } = opened!
      const done = Promise.withResolvers<void>()
      const watched: StateStore = {
        ...store,
        async commit(partition, change) {
          const outcome = await store.commit(partition, change)
          if (outcome.kind === 'committed' && change.toOffset === filled.records) done.resolve()
          return outcome
        },
      }
      const logger = createLogger({ name: 'bench', level: 'silent' })
      const metrics = createMetrics({ processMetrics: false })
      const aggregator = await startAggregator({ log, store: watched, topics, metrics, logger })
      await Promise.race([done.promise, aggregator.ended])
      await aggregator.stop()
      return count
    },
    async close() {
      await closeOpened()
      await filled.close()
    },
  }
}
