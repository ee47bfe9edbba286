import { type Access, serviceAccess } from '@deskpulse/access'
import { kafkaEventLog } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import {
  httpServer,
  runService,
  siteOf,
  type Running,
  type ServiceContext,
  watchTopics,
} from '@deskpulse/runtime'
import { type EventLog, type StateStore, topicsOf } from '@deskpulse/stream'
import { type Aggregator, startAggregator } from './aggregator.ts'

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
    clientId: 'deskpulse-aggregator',
    replicationFactor: kafka.replication,
  })
  opened.defer(() => log.close())
  const store = await redisStateStore({ ...redis, partitions: kafka.partitions })
  opened.defer(() => store.close())
  const { names: topics, specs } = topicsOf(config)
  await log.ensureTopics(specs)
  const access = await serviceAccess(context, { log, topics })
  opened.move()
  return { log, store, access }
}

async function start(context: ServiceContext, { log, store, access }: Connected): Promise<Running> {
  const { config, logger, metrics, health } = context
  const topics = topicsOf(config)
  const topicsWatch = watchTopics(context, () => log.checkTopics(topics.specs))
  let aggregator: Aggregator | null = null
  health.add('log', () => log.ping())
  health.add('store', () => store.takesWrites())
  health.add('group', () => aggregator !== null)
  health.add('folding', () => aggregator?.checkFolding())
  health.add('log-clock', () => aggregator?.checkClock())
  const api = {
    title: 'Deskpulse: aggregator',
    description: 'How the process does that folds events into KPIs.',
  }
  const app = await httpServer({
    ...{ logger, metrics, health, api, site: siteOf(config) },
    ...{ http: config.http, guard: access.guard },
  })
  logger.info({ address: await app.listen({ ...config.http }) }, 'folding')
  // The group may take long to form, after a crash as long as a session lasts: the process says so meanwhile.
  const started = await startAggregator({
    ...{ log, store, topics: topics.names, metrics, logger, lagMaxMs: config.health.lagMax },
    configured: (tenant) => config.tenants[tenant]?.config,
    cacheBytesMax: config.aggregator.cacheBytesMax,
  })
  aggregator = started

  return {
    ended: started.ended,
    async stop() {
      await topicsWatch.stop()
      await started.stop()
      await app.close()
      await access.stop()
      await Promise.all([log.close(), store.close()])
    },
  }
}

await runService({ name: 'aggregator', connect, start })
