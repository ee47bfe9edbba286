import { randomUUID } from 'node:crypto'
import { type Access, serviceAccess, sessionRoutes } from '@deskpulse/access'
import { kafkaEventLog } from '@deskpulse/kafka'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { redisStateStore } from '@deskpulse/redis'
import {
  httpServer,
  runService,
  siteOf,
  toAnyone,
  type Running,
  type ServiceContext,
  watchTopics,
} from '@deskpulse/runtime'
import { type EventLog, type StateStore, topicsOf, versionedState } from '@deskpulse/stream'
import { alerterRoutes, alertWebhooks, openSender, startAlerter } from './index.ts'

type Connected = {
  readonly log: EventLog
  readonly store: StateStore
  readonly alertStore: StateStore
  readonly access: Access
}

async function connect(context: ServiceContext): Promise<Connected> {
  const { config } = context
  const { kafka, redis } = config
  await using opened = new AsyncDisposableStack()
  const log = kafkaEventLog({
    ...kafka,
    clientId: 'deskpulse-alerter',
    replicationFactor: kafka.replication,
  })
  opened.defer(() => log.close())
  const layout = { ...redis, partitions: kafka.partitions }
  const store = await redisStateStore(layout)
  opened.defer(() => store.close())
  const alertStore = await redisStateStore({ ...layout, namespace: `${redis.namespace}-alerts` })
  opened.defer(() => alertStore.close())
  const { names: topics, specs } = topicsOf(config)
  await log.ensureTopics(specs)
  const access = await serviceAccess(context, { log, topics, isAtPublicUrl: true })
  opened.move()
  return { log, store, alertStore, access }
}

async function start(
  context: ServiceContext,
  { log, store, alertStore, access }: Connected,
): Promise<Running> {
  const { config, logger, metrics, health } = context
  const { partitions } = config.kafka
  const { names: topics, specs } = topicsOf(config)
  const sender = openSender(config.alerts)
  let isInGroup = false
  const topicsWatch = watchTopics(context, () => log.checkTopics(specs))
  health.add('log', () => log.ping())
  health.add('store', () => store.ping())
  const state = versionedState({ store, partitions, key: foldVersionKey, version: foldVersion })
  health.add('fold-version', () => state.check())
  health.add('alert-store', () => alertStore.takesWrites())
  health.add('group', () => isInGroup)
  const about = {
    title: 'Deskpulse: alerts',
    description: 'What is wrong in contact centers, and who is told.',
  }
  const app = await httpServer({
    logger,
    metrics,
    health,
    api: { ...about, webhooks: alertWebhooks },
    site: siteOf(config),
    guard: access.guard,
    http: config.http,
  })
  await app.register((routes) => sessionRoutes(routes, access))
  await app.register(
    alerterRoutes({
      log,
      topics,
      store: state,
      alertStore,
      partitions,
      config,
      sender: randomUUID(),
      boardPage: null,
    }),
  )
  app.get('/', { schema: { access: toAnyone } }, (_request, reply) => reply.redirect('/alerts'))
  logger.info({ address: await app.listen({ ...config.http }) }, 'alerting')
  // The group may take long to form, after a crash as long as a session lasts: the page is served meanwhile.
  const alerter = await startAlerter({
    log,
    alertStore,
    store: state,
    topics,
    partitions,
    config,
    sender,
    metrics,
    logger,
  })
  isInGroup = true

  return {
    ended: alerter.ended,
    async stop() {
      await topicsWatch.stop()
      await Promise.all([app.close(), alerter.stop()]) // A store that does not answer delays each of them.
      await Promise.all([sender.close(), access.stop()])
      await Promise.all([log.close(), store.close(), alertStore.close()])
    },
  }
}

await runService({ name: 'alerter', connect, start })
