import {
  type Access,
  auditRoutes,
  keyRoutes,
  serviceAccess,
  sessionRoutes,
} from '@deskpulse/access'
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
import { type EventLog, type StateStore, topicsOf, versionedState } from '@deskpulse/stream'
import { apiRoutes } from './index.ts'

type Connected = {
  readonly log: EventLog
  readonly store: StateStore
  readonly access: Access
}

async function connect(context: ServiceContext): Promise<Connected> {
  const { config } = context
  const { kafka, redis } = config
  await using opened = new AsyncDisposableStack()
  const log = kafkaEventLog({
    ...kafka,
    clientId: 'deskpulse-api',
    replicationFactor: kafka.replication,
  })
  opened.defer(() => log.close())
  const store = await redisStateStore({ ...redis, partitions: kafka.partitions })
  opened.defer(() => store.close())
  const access = await serviceAccess(context, { log, topics: topicsOf(config).names })
  opened.move()
  return { log, store, access }
}

async function start(context: ServiceContext, { log, store, access }: Connected): Promise<Running> {
  const { config, logger, metrics, health } = context
  const { kafka } = config
  const { partitions } = kafka
  const api = {
    title: 'Deskpulse: KPIs',
    description: 'Live and closed-period metrics of contact centers.',
  }
  const app = await httpServer({
    ...{ logger, metrics, health, api, site: siteOf(config) },
    ...{ http: config.http, guard: access.guard },
  })
  // A tenant is read where the number of partitions of its topics puts it, which is watched; of the log itself what is older than the store alone.
  const { names: topics, specs } = topicsOf(config)
  const topicsWatch = watchTopics(context, () => log.checkTopics(specs))
  health.add('store', () => store.ping())
  const state = versionedState({ store, partitions, key: foldVersionKey, version: foldVersion })
  health.add('fold-version', () => state.check())
  const { publicUrl } = config.alerts
  const alertsPage = publicUrl === null ? null : `${publicUrl}/alerts`
  await app.register((routes) => sessionRoutes(routes, access))
  const knows = (tenant: string): boolean =>
    config.openTenants || Object.hasOwn(config.tenants, tenant)
  await app.register((routes) => keyRoutes(routes, { ...access, nowMs: Date.now, knows }))
  await app.register((routes) => auditRoutes(routes, { ...access, knows }))
  await app.register(
    apiRoutes({
      ...{ store: state, log, topics, partitions, config, metrics, logger, alertsPage },
      erased: access.erased,
    }),
  )
  logger.info({ address: await app.listen({ ...config.http }) }, 'listening')
  return {
    async stop() {
      await topicsWatch.stop()
      await app.close()
      await access.stop()
      await Promise.all([log.close(), store.close()])
    },
  }
}

await runService({ name: 'api', connect, start })
