import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, parseConfig } from '@deskpulse/contract'
import { kafkaEventLog } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import { type EventLog, topicsOf } from '@deskpulse/stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { given, readCompose } from '../checks/compose.ts'
import { endWithUs } from '../support/end-with-us.ts'
import { freePorts } from '../support/kafka/free-ports.ts'
import { type KafkaProcesses, processKafka } from '../support/kafka/process.ts'
import { until } from '../support/until.ts'

const passwords = {
  ...{ KAFKA_PASSWORD: 'a1b2c3', REDIS_PASSWORD: 'd4e5f6' },
  SESSION_SECRET: 'f1e2d3c4'.repeat(4),
}
const { services } = readCompose()

function environmentOf(name: string): Record<string, string> {
  const pairs = Object.entries(services[name]?.environment ?? {})
  return Object.fromEntries(pairs.map(([key, value]) => [key, given(String(value), passwords)]))
}

/** As a service of docker-compose.yml has it. */
function configOf(change: Readonly<Record<string, string>> = {}): Config {
  const parsed = parseConfig({}, { ...environmentOf('ingest'), ...change })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config
}

const started = new AsyncDisposableStack()
let kafka: KafkaProcesses
let redisPort: number

/** With the settings that the image takes from its environment. */
async function startKafka(): Promise<void> {
  const settings = Object.entries(environmentOf('kafka'))
    .filter(([name]) => /^KAFKA_(?:LISTENER_NAME|SASL|INTER_BROKER)/.test(name))
    .map(([name, value]) => [name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'), value])
  kafka = await processKafka({
    secured: { listeners: { INTERNAL: 'SASL_PLAINTEXT' }, settings: Object.fromEntries(settings) },
  })
  started.defer(() => kafka.stop())
}

async function startRedis(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-compose-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  ;[redisPort = 0] = await freePorts(1)
  const [program = '', ...args] = (services['redis']?.command ?? []).map((word) =>
    given(word, passwords),
  )
  args[args.indexOf('--dir') + 1] = folder
  const child = spawn(program, [...args, '--port', `${redisPort}`, '--bind', '127.0.0.1'], {
    stdio: 'ignore',
  })
  endWithUs(child)
  started.defer(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
}

beforeAll(() => Promise.all([startKafka(), startRedis()]), 120_000)
afterAll(() => started.disposeAsync())

test('the Kafka of docker-compose.yml lets in who has its password, and nobody else', async () => {
  const withLog = async (config: Config, ask: (log: EventLog) => Promise<boolean>) => {
    const brokers = kafka.securedBrokers['INTERNAL'] ?? []
    const log = kafkaEventLog({ ...config.kafka, brokers, clientId: 'compose' })
    try {
      return await ask(log)
    } finally {
      await log.close()
    }
  }
  const makeTopics = (log: EventLog): Promise<boolean> =>
    log.ensureTopics(topicsOf(configOf()).specs).then(() => log.ping())
  expect(await withLog(configOf(), makeTopics)).toBe(true)
  const wrong = configOf({ DESKPULSE_KAFKA__SASL__PASSWORD: 'wrong' })
  expect(await withLog(wrong, (log) => log.ping())).toBe(false)
})

test('the Redis of docker-compose.yml lets in who has its password, and nobody else', async () => {
  const open = (change: Readonly<Record<string, string>> = {}) => {
    const url = `redis://127.0.0.1:${redisPort}`
    return redisStateStore({ ...configOf(change).redis, url, partitions: 1 })
  }
  const opening = (): ReturnType<typeof open> => open()
  const store = await until('Redis answers', opening, Boolean)
  await store.takesWrites()
  await store.close()
  await expect(open({ DESKPULSE_REDIS__PASSWORD: 'wrong' })).rejects.toMatchObject({
    code: 'STORE_SETTINGS',
  })
})
