import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kafkaEventLog } from '@deskpulse/kafka'
import { loadConfig } from '@deskpulse/runtime'
import { consumerGroup, topicNames, type EventLog } from '@deskpulse/stream'
import { deskAt } from '../../support/desk.ts'
import { freePorts } from '../../support/kafka/free-ports.ts'
import { service } from '../../support/services.ts'
import { until } from '../../support/until.ts'
import { tenantSettings } from '../input/tenants.ts'
import { services, type ServiceName } from '../plan/faults.ts'
import { kept, type Kept, type OwnEnd } from './kept.ts'
import type { Plant } from './plant.ts'
import { kafkaServer, redisServer } from './servers.ts'
import { striker } from './strike.ts'

export type ClusterOptions = {
  /** Of Kafka. */
  readonly nodes: number
  readonly alerts: object
}

const partitions = 4
const ofEach = 2
const settledMs = 120_000

/** Two of each service on a real Kafka and a real Redis, which they reach through proxies. */
export async function startCluster({ nodes, alerts }: ClusterOptions): Promise<Plant> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-chaos-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const [kafka, redis] = [await kafkaServer(stack, nodes), await redisServer(stack)]
  const topicPrefix = `chaos-${randomUUID().slice(0, 8)}`
  const file = join(folder, 'deskpulse.yaml')
  const parts = { tenants: tenantSettings, alerts, kafka: { ...kafka.config, topicPrefix, partitions }, redis: redis.config }
  await writeFile(file, JSON.stringify(parts)) // YAML holds JSON.

  const ownEnds: OwnEnd[] = []
  const clockFile = join(folder, 'clock')
  const start = await servicesOf(stack, { file, clockFile }, (end) => ownEnds.push(end))
  const ingest = start('ingest') // Before the others, so that the topics are made.
  await Promise.all(ingest.map((one) => one.untilReady()))
  const of = { ingest, aggregator: start('aggregator'), api: start('api'), alerter: start('alerter') }
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
    rawLog: log,
    desks: of.api.map((one) => deskAt(ingest[0]!.service.url, one.service.url)),
    kept: all,
    ownEnds,
    strike: striker({ kafka, redis, services: of, setClock: (shiftMs) => writeFile(clockFile, String(shiftMs)) }),
    async stopInput() {
      await allConsumed(log, topics.raw, 'ingest')
      return stopAll([...of.ingest, ...of.alerter])
    },
    folded: () => allConsumed(log, topics.log, 'aggregator'),
    openLog: async () => kafkaEventLog({ brokers, clientId: 'deskpulse-chaos-end' }),
    stop: () => stopAll([...of.aggregator, ...of.api]),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

type Files = { readonly file: string; readonly clockFile: string }

/** Starts all of one kind, and goes on starting them. */
async function servicesOf(stack: AsyncDisposableStack, { file, clockFile }: Files, ownEnd: (end: OwnEnd) => void) {
  const ports = await freePorts(services.length * ofEach)
  const clock = fileURLToPath(new URL('../../support/shifted-clock.mjs', import.meta.url))
  const shifted = { NODE_OPTIONS: `--import ${clock}`, DESKPULSE_TEST_CLOCK_FILE: clockFile }
  return (name: ServiceName): readonly Kept[] =>
    Array.from({ length: ofEach }, (_, number) => {
      const port = ports[services.indexOf(name) * ofEach + number] ?? 0
      const env = { ...shifted, DESKPULSE_CONFIG: file, DESKPULSE_HTTP__PORT: String(port) }
      const made = service({ main: `services/${name}/src/main.ts`, port, env })
      const one = kept(`${name} ${number + 1}`, made, ownEnd)
      stack.defer(() => one.drop())
      return one
    })
}

async function allConsumed(log: EventLog, topic: string, reader: string): Promise<void> {
  const oldest = (): Promise<readonly (number | null)[]> => log.oldestUnconsumed(topic, consumerGroup(topic, reader))
  const state = `all of ${topic} has come through ${reader}`
  await until(state, oldest, (all) => all.every((one) => one === null), { withinMs: settledMs, everyMs: 200 })
}

export async function stopAll(all: readonly Kept[]): Promise<readonly string[]> {
  const ends = await Promise.all(all.map(async (one) => ({ name: one.name, ended: await one.stop() })))
  return ends.flatMap(({ name, ended }) =>
    ended.code === 0 ? [] : [`${name} was told to stop, and ended with ${ended.signal ?? ended.code}`],
  )
}
