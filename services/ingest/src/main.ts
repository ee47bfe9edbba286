import { randomUUID } from 'node:crypto'
import { type Access, serviceAccess, sessionRoutes } from '@deskpulse/access'
import { kafkaEventLog, kafkaRewritableTopic } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import {
  connected,
  httpServer,
  runService,
  siteOf,
  type Running,
  type ServiceContext,
  watchTopics,
} from '@deskpulse/runtime'
import {
  type EventLog,
  type RewritableTopic,
  segmentMs,
  type StateStore,
  topicsOf,
} from '@deskpulse/stream'
import { keysOfConfig, metricsOf, proposalTelemetry, startIngest } from './index.ts'

type Connected = {
  readonly log: EventLog
  readonly store: StateStore
  readonly deadLetters: RewritableTopic
  readonly access: Access
}

async function connect(context: ServiceContext): Promise<Connected> {
  const { config } = context
  const { kafka, redis } = config
  await using opened = new AsyncDisposableStack()
  const client = { ...kafka, clientId: 'deskpulse-ingest' }
  const log = kafkaEventLog({ ...client, replicationFactor: kafka.replication })
  opened.defer(() => log.close())
  const store = await redisStateStore({ ...redis, partitions: kafka.partitions })
  opened.defer(() => store.close())
  const { names: topics, specs } = topicsOf(config)
  const deadLetters = kafkaRewritableTopic(client, topics.deadLetter)
  opened.defer(() => deadLetters.close())
  await log.ensureTopics(specs)
  const access = await serviceAccess(context, { log, topics })
  opened.move()
  return { log, store, deadLetters, access }
}

async function start(context: ServiceContext, connections: Connected): Promise<Running> {
  const { log, store, access, deadLetters } = connections
  const { config, logger, metrics, health } = context
  const { kafka, http } = config
  const keysOf = keysOfConfig(config)
  const topics = topicsOf(config)

  const ingest = startIngest({
    log,
    store,
    topics: topics.names,
    partitions: kafka.partitions,
    sender: `ingest-${randomUUID()}`,
    config,
    keysOf,
    metrics: metricsOf(metrics),
    erasing: {
      ...{ erased: access.erased, deadLetters },
      rawKeptMs: kafka.rawRetention + segmentMs,
    },
    forwardsRaw: true,
    onRecordsLost: (gap) =>
      logger.error(
        gap,
        'records are gone from the raw topic before they were forwarded: values miss them, and say so (docs/operations.md)',
      ),
    onOtherRawTopic: (at) =>
      logger.error(
        at,
        'the raw topic is another one than was forwarded before: it is forwarded from its first record; what the old one still held is lost (docs/operations.md)',
      ),
    onRetry: (code) => logger.warn({ code }, 'the log does not take raw input; trying again'),
    proposals: proposalTelemetry(metrics, logger),
    audit: access.audit.write,
  })
  logger.info(
    { tenants: await connected(context, () => ingest.propose()) },
    'configuration proposed',
  )

  const api = { title: 'Deskpulse: events', description: 'Takes in the events of contact centers.' }
  const app = await httpServer({
    ...{ logger, metrics, health, api, site: siteOf(config) },
    ...{ http: config.http, guard: access.guard },
  })
  const topicsWatch = watchTopics(context, () => log.checkTopics(topics.specs))
  health.add('log', () => log.ping())
  health.add('log-writes', () => ingest.checkAppending())
  health.add('store', () => store.ping())
  await app.register((routes) => sessionRoutes(routes, access))
  await app.register(ingest.routes)
  health.show('raw', () => ingest.forwards())
  logger.info({ address: await app.listen({ ...http }) }, 'listening')
  // The group may take long to form, after a crash as long as a session lasts: HTTP is served meanwhile.
  const consumption = ingest.consume()

  return {
    ended: consumption.then(({ ended }) => ended),
    async stop() {
      await topicsWatch.stop()
      await ingest.stop()
      await app.close()
      await access.stop()
      await Promise.all([log.close(), deadLetters.close(), store.close()])
    },
  }
}

await runService({ name: 'ingest', connect, start })
