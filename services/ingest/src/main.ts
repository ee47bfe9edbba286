import { randomUUID } from 'node:crypto'
import { kafkaEventLog } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import { httpServer, runService, type Running, type ServiceContext } from '@deskpulse/runtime'
import { topicNames, topicSpecs } from '@deskpulse/stream'
import { keysOfConfig, metricsOf, startIngest } from './index.ts'

async function start({ config, logger, metrics, health }: ServiceContext): Promise<Running> {
  const { kafka, redis, http } = config
  const keyOf = keysOfConfig(config)
  const topics = topicNames(kafka.topicPrefix)
  const log = kafkaEventLog({ ...kafka, clientId: 'deskpulse-ingest', replicationFactor: kafka.replication })
  const store = await redisStateStore({ ...redis, generation: String(redis.generation), partitions: kafka.partitions })
  await log.ensureTopics(
    topicSpecs(topics, { logPartitions: kafka.partitions, rawPartitions: kafka.partitions, deadLetters: config.deadLetters }),
  )

  const ingest = startIngest({
    log,
    store,
    topics,
    partitions: kafka.partitions,
    sender: `ingest-${randomUUID()}`,
    config,
    keyOf,
    metrics: metricsOf(metrics),
    forwardsRaw: true,
    onRetry: (code) => logger.warn({ code }, 'the log does not take raw input; trying again'),
    onRulesFailure: (error, tenant) => logger.warn({ err: error, tenant }, 'the alert rules could not be looked at; trying again'),
  })
  logger.info({ tenants: await ingest.propose() }, 'configuration proposed')
  const consumption = await ingest.consume()

  const api = { title: 'Deskpulse: events', description: 'Takes in the events of contact centers.' }
  const app = await httpServer({ logger, metrics, health, api })
  health.add('log', () => log.ping())
  health.add('store', () => store.ping())
  await app.register(ingest.routes)
  logger.info({ address: await app.listen({ ...http }) }, 'listening')

  return {
    ended: consumption.ended,
    async stop() {
      await ingest.stop()
      await app.close()
      await Promise.all([log.close(), store.close()])
    },
  }
}

await runService({ name: 'ingest', start })
