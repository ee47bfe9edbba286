import { kafkaEventLog } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import { httpServer, runService, type Running, type ServiceContext } from '@deskpulse/runtime'
import { topicNames, topicSpecs } from '@deskpulse/stream'
import { startAggregator } from './aggregator.ts'

async function start({ config, logger, metrics, health }: ServiceContext): Promise<Running> {
  const { kafka, redis, http } = config
  const topics = topicNames(kafka.topicPrefix)
  const log = kafkaEventLog({ ...kafka, clientId: 'deskpulse-aggregator', replicationFactor: kafka.replication })
  const store = await redisStateStore({ ...redis, generation: String(redis.generation), partitions: kafka.partitions })
  await log.ensureTopics(
    topicSpecs(topics, { logPartitions: kafka.partitions, rawPartitions: kafka.partitions, deadLetters: config.deadLetters }),
  )

  const aggregator = await startAggregator({ log, store, topics, metrics, logger })
  health.add('log', () => log.ping())
  health.add('store', () => store.ping())
  const api = { title: 'Deskpulse: aggregator', description: 'How the process does that folds events into KPIs.' }
  const app = await httpServer({ logger, metrics, health, api })
  logger.info({ address: await app.listen({ ...http }) }, 'folding')

  return {
    ended: aggregator.ended,
    async stop() {
      await aggregator.stop()
      await app.close()
      await Promise.all([log.close(), store.close()])
    },
  }
}

await runService({ name: 'aggregator', start })
