import { redisStateStore } from '@deskpulse/redis'
import { httpServer, runService, siteOf, type Running, type ServiceContext } from '@deskpulse/runtime'
import { apiRoutes } from './index.ts'

async function start({ config, logger, metrics, health }: ServiceContext): Promise<Running> {
  const { kafka, redis, http } = config
  const partitions = kafka.partitions
  const store = await redisStateStore({ ...redis, generation: String(redis.generation), partitions })
  const api = { title: 'Deskpulse: KPIs', description: 'Live and closed-period metrics of contact centers.' }
  const app = await httpServer({ logger, metrics, health, api, site: siteOf(config) })
  health.add('store', () => store.ping())
  const { publicUrl } = config.alerts
  const alertsPage = publicUrl === null ? null : `${publicUrl}/alerts`
  await app.register(apiRoutes({ store, partitions, config, metrics, logger, alertsPage }))
  logger.info({ address: await app.listen({ ...http }) }, 'listening')
  return {
    async stop() {
      await app.close()
      await store.close()
    },
  }
}

await runService({ name: 'api', start })
