import { kafkaEventLog } from '@deskpulse/kafka'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { redisStateStore } from '@deskpulse/redis'
import {
  httpServer,
  runService,
  siteOf,
  type Running,
  type ServiceContext,
  watchTopics,
} from '@deskpulse/runtime'
import { type StateStore, topicsOf, versionedState } from '@deskpulse/stream'
import { apiRoutes } from './index.ts'

const connect = ({ config: { kafka, redis } }: ServiceContext): Promise<StateStore> =>
  redisStateStore({ ...redis, partitions: kafka.partitions })

async function start(context: ServiceContext, store: StateStore): Promise<Running> {
  const { config, logger, metrics, health } = context
  const { kafka } = config
  const { partitions } = kafka
  const api = {
    title: 'Deskpulse: KPIs',
    description: 'Live and closed-period metrics of contact centers.',
  }
  const app = await httpServer({
    logger,
    metrics,
    health,
    api,
    site: siteOf(config),
    http: config.http,
  })
  // A tenant is read where the number of partitions of its topics puts it, which is watched; of the log itself what is older than the store alone.
  const { names: topics, specs } = topicsOf(config)
  const log = kafkaEventLog({ ...kafka, clientId: 'deskpulse-api' })
  const topicsWatch = watchTopics(context, () => log.checkTopics(specs))
  health.add('store', () => store.ping())
  const state = versionedState({ store, partitions, key: foldVersionKey, version: foldVersion })
  health.add('fold-version', () => state.check())
  const { publicUrl } = config.alerts
  const alertsPage = publicUrl === null ? null : `${publicUrl}/alerts`
  await app.register(
    apiRoutes({ store: state, log, topics, partitions, config, metrics, logger, alertsPage }),
  )
  logger.info({ address: await app.listen({ ...config.http }) }, 'listening')
  return {
    async stop() {
      await topicsWatch.stop()
      await app.close()
      await Promise.all([log.close(), store.close()])
    },
  }
}

await runService({ name: 'api', connect, start })
