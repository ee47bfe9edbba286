import { randomUUID } from 'node:crypto'
import { kafkaEventLog } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import { httpServer, runService, type Running, type ServiceContext } from '@deskpulse/runtime'
import { topicNames, topicSpecs } from '@deskpulse/stream'
import { alerterRoutes, alertWebhooks, openSender, startAlerter } from './index.ts'

async function start({ config, logger, metrics, health }: ServiceContext): Promise<Running> {
  const { kafka, redis, http } = config
  const { partitions } = kafka
  const topics = topicNames(kafka.topicPrefix)
  const log = kafkaEventLog({ ...kafka, clientId: 'deskpulse-alerter', replicationFactor: kafka.replication })
  const layout = { ...redis, generation: String(redis.generation), partitions }
  const store = await redisStateStore(layout)
  const alertStore = await redisStateStore({ ...layout, namespace: `${redis.namespace}-alerts` })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: partitions, rawPartitions: partitions, deadLetters: config.deadLetters }))

  const sender = openSender(config.alerts)
  const alerter = await startAlerter({ log, alertStore, store, topics, partitions, config, sender, metrics, logger })
  health.add('log', () => log.ping())
  health.add('store', () => store.ping())
  health.add('alert-store', () => alertStore.ping())
  const about = { title: 'Deskpulse: alerts', description: 'What is wrong in contact centers, and who is told.' }
  const app = await httpServer({ logger, metrics, health, api: { ...about, webhooks: alertWebhooks } })
  await app.register(alerterRoutes({ log, topics, store, alertStore, partitions, config, sender: randomUUID(), boardPage: null }))
  app.get('/', (_request, reply) => reply.redirect('/alerts'))
  logger.info({ address: await app.listen({ ...http }) }, 'alerting')

  return {
    ended: alerter.ended,
    async stop() {
      await Promise.all([app.close(), alerter.stop()]) // A store that does not answer delays each of them.
      await sender.close()
      await Promise.all([log.close(), store.close(), alertStore.close()])
    },
  }
}

await runService({ name: 'alerter', start })
