import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaEventLog } from '@deskpulse/kafka'
import { topicNames, type EventLog, type PartitionId, type TopicNames } from '@deskpulse/stream'
import { clientAt, type Client } from './client.ts'
import { startKafka, type TestKafka } from './kafka.ts'
import { freePorts } from './kafka/free-ports.ts'
import { startOwnRedis, type OwnRedis } from './redis.ts'
import { serviceLimits } from './service-limits.ts'
import { service, type Service } from './services.ts'

export type InstallationOptions = {
  readonly tenants: Readonly<Record<string, object>>
  /** Of the log and of the raw topic. */
  readonly partitions: number
  readonly aggregators: number
  /** None unless said. */
  readonly alerters?: number
  readonly alerts?: object
  /** The block `health` of the configuration. */
  readonly health?: object
}

/** Deskpulse on a real Kafka and a real Redis, each service a process of its own, with the limits of memory of its container. */
export type Installation = {
  readonly kafka: TestKafka
  readonly redis: OwnRedis
  readonly brokers: string
  readonly topicPrefix: string
  /** What every service reads. */
  readonly configFile: string
  readonly ingest: Service
  readonly aggregators: readonly Service[]
  readonly api: Service
  readonly alerters: readonly Service[]
  readonly client: Client
  /** The test's own client of the log. */
  readonly log: EventLog
  readonly topics: TopicNames
  /** Returns when all is counted that was sent to the tenant, over HTTP and to the raw topic. */
  caughtUp(tenant: string): Promise<void>
  /** Ends everything hard and removes its data. */
  [Symbol.asyncDispose](): Promise<void>
}

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const {
    tenants,
    partitions,
    aggregators: count,
    alerters: alerterCount = 0,
    alerts = {},
    health = {},
  } = options
  await using started = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-system-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const redis = await startOwnRedis()
  started.defer(() => redis.stop())
  const kafka = await startKafka()
  started.defer(() => kafka.stop())

  const topicPrefix = `test-${randomUUID().slice(0, 8)}`
  const file = join(folder, 'deskpulse.yaml')
  const own = {
    kafka: { brokers: kafka.brokers, topicPrefix, partitions },
    redis: { url: redis.url },
  }
  await writeFile(file, JSON.stringify({ tenants, alerts, health, ...own })) // YAML holds JSON.

  const ports = await freePorts(count + alerterCount + 2)
  const at = (name: string, place: number): Service => {
    const port = ports[place] ?? 0
    const made = service({
      main: `services/${name}/src/main.ts`,
      port,
      env: {
        ...serviceLimits(name).env,
        DESKPULSE_CONFIG: file,
        DESKPULSE_HTTP__PORT: String(port),
      },
    })
    started.defer(async () => void (await made.end('SIGKILL')))
    return made
  }
  const ingest = at('ingest', 0)
  const api = at('api', 1)
  const aggregators = Array.from({ length: count }, (_, index) => at('aggregator', index + 2))
  await ingest.start() // Alone, so that one process makes the topics.
  const alerters = Array.from({ length: alerterCount }, (_, index) =>
    at('alerter', count + index + 2),
  )
  await Promise.all([...aggregators, ...alerters, api].map((one) => one.start()))

  const client = clientAt(ingest.url, api.url)
  const log = kafkaEventLog({ brokers: kafka.brokers, clientId: 'deskpulse-tests' })
  started.defer(() => log.close())
  const topics = topicNames(topicPrefix)

  /** Ingest forwards each partition of the raw topic in order: a marker behind the rest of each. */
  async function rawCaughtUp(tenant: string): Promise<void> {
    const all = Array.from({ length: partitions }, async (_, partition) => {
      const { event, counted } = client.marker(tenant)
      await log.append(topics.raw, partition as PartitionId, [
        { key: null, value: Buffer.from(JSON.stringify(event)) },
      ])
      await counted()
    })
    await Promise.all(all)
  }

  const running = started.move()
  return {
    kafka,
    redis,
    brokers: kafka.brokers.join(','),
    topicPrefix,
    configFile: file,
    ingest,
    aggregators,
    alerters,
    api,
    client,
    log,
    topics,
    async caughtUp(tenant) {
      await Promise.all([client.caughtUp(tenant), rawCaughtUp(tenant)])
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
