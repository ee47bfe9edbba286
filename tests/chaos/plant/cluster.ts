import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaEventLog } from '@deskpulse/kafka'
import { loadConfig } from '@deskpulse/runtime'
import { consumerGroup, topicNames, type EventLog } from '@deskpulse/stream'
import { clientAt } from '../../support/client.ts'
import { freePorts } from '../../support/kafka/free-ports.ts'
import { service } from '../../support/services.ts'
import { until } from '../../support/until.ts'
import { tenantSettings } from '../input/tenants.ts'
import { services, type ServiceName } from '../plan/faults.ts'
import { countedBy } from './counted.ts'
import { kept, type Kept, type OwnEnd } from './kept.ts'
import type { Plant } from './plant.ts'
import type { KafkaServer, RedisServer } from './servers.ts'
import { shiftedClock } from './shifted-clock.ts'
import { stopAll } from './stop-all.ts'
import { striker } from './strike.ts'

export type ClusterOptions = {
  readonly kafka: (stack: AsyncDisposableStack) => Promise<KafkaServer>
  readonly redis: (stack: AsyncDisposableStack) => Promise<RedisServer>
}

const partitions = 4
const ofEach = 2
const settledMs = 240_000

/** Two of each service on a real Kafka and a real Redis. */
export async function startCluster(servers: ClusterOptions): Promise<Plant> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-chaos-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [kafka, redis] = [await servers.kafka(stack), await servers.redis(stack)]
  const topicPrefix = `chaos-${randomUUID().slice(0, 8)}`
  const file = join(folder, 'deskpulse.yaml')
  const parts = {
    tenants: tenantSettings,
    kafka: { ...kafka.config, topicPrefix, partitions },
    redis: redis.config,
  }
  await writeFile(file, JSON.stringify(parts)) // YAML holds JSON.

  const ownEnds: OwnEnd[] = []
  const clock = shiftedClock(folder)
  const start = await servicesOf(stack, { ...clock.env, DESKPULSE_CONFIG: file }, (end) =>
    ownEnds.push(end),
  )
  const ingest = start('ingest') // Before the others, so that the topics are made.
  await Promise.all(ingest.map((one) => one.untilReady()))
  const of = {
    ingest,
    aggregator: start('aggregator'),
    api: start('api'),
    alerter: start('alerter'),
  }
  const all = services.flatMap((name) => of[name])
  await Promise.all(all.map((one) => one.untilReady()))

  const { brokers } = kafka.kafka
  const log = kafkaEventLog({ brokers, clientId: 'deskpulse-chaos' })
  stack.defer(() => log.close())
  const topics = topicNames(topicPrefix)
  const running = stack.move()
  return {
    config: loadConfig({ file, env: {}, start: 'service' }),
    topics,
    partitions,
    ingestUrls: ingest.map((one) => one.service.url),
    ownLog: log,
    kept: all,
    ownEnds,
    counted: () => countedBy(of.aggregator),
    strike: striker({ kafka, redis, services: of, setClock: clock.shift }),
    async stopInput() {
      await allConsumed(log, topics.raw, 'ingest')
      return stopAll([...of.ingest, ...of.alerter])
    },
    async readAll() {
      await allConsumed(log, topics.log, 'aggregator')
      return of.api.map((one) => clientAt(ingest[0]!.service.url, one.service.url))
    },
    lastLog: () => log,
    stop: () => stopAll([...of.aggregator, ...of.api]),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Starts all of one kind, and goes on starting them. */
async function servicesOf(
  stack: AsyncDisposableStack,
  env: Readonly<Record<string, string>>,
  ownEnd: (end: OwnEnd) => void,
) {
  const ports = await freePorts(services.length * ofEach)
  return (name: ServiceName): readonly Kept[] =>
    Array.from({ length: ofEach }, (_, number) => {
      const port = ports[services.indexOf(name) * ofEach + number] ?? 0
      const made = service({
        main: `services/${name}/src/main.ts`,
        port,
        env: { ...env, DESKPULSE_HTTP__PORT: String(port) },
      })
      const one = kept(`${name} ${number + 1}`, made, ownEnd)
      stack.defer(() => one.drop())
      return one
    })
}

async function allConsumed(log: EventLog, topic: string, reader: string): Promise<void> {
  const oldest = (): Promise<readonly (number | null)[]> =>
    log.oldestUnconsumed(topic, consumerGroup(topic, reader))
  const state = `all of ${topic} has come through ${reader}`
  await until(state, oldest, (all) => all.every((one) => one === null), {
    withinMs: settledMs,
    everyMs: 200,
  })
}
