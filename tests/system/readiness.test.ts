import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInstallation, type Installation } from '../support/installation.ts'
import { freePorts } from '../support/kafka/free-ports.ts'
import { command } from '../support/redis/command.ts'
import { service, type Readiness, type Service } from '../support/services.ts'
import { until } from '../support/until.ts'

const notReady = (of: Service, check: string): Promise<Readiness> =>
  until(
    `${of.url} says that ${check} fails`,
    of.readiness,
    ({ ready, checks }) => !ready && checks[check] === false,
  )

const isReady = (of: Service): Promise<Readiness> =>
  until(`${of.url} is ready`, of.readiness, ({ ready }) => ready)

/** Passes on what comes at `port` to `target`, from now on. */
async function forwarding(port: number, target: string): Promise<AsyncDisposable> {
  const [host = '', targetPort = ''] = target.split(':')
  const server = createServer((client) => {
    const broker = connect(Number(targetPort), host)
    client.on('error', () => broker.destroy())
    broker.on('error', () => client.destroy())
    client.pipe(broker).pipe(client)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { [Symbol.asyncDispose]: async () => void server.close() }
}

describe('readiness says what is the matter:', () => {
  let at: Installation
  let all: readonly Service[]
  beforeAll(async () => {
    const health = { checkTopicsEvery: '1s' }
    at = await startInstallation({
      tenants: { acme: { customersArePseudonyms: true } },
      partitions: 2,
      aggregators: 1,
      alerters: 1,
      health,
    })
    all = [at.ingest, at.api, ...at.aggregators, ...at.alerters]
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  test('a Redis that takes no writes: who writes is not ready, who reads is; values are those of before, and go on after', async () => {
    await at.client.caughtUp('acme')
    expect(await command(at.redis.port, 'CONFIG SET maxmemory 1')).toBe('+OK')
    const [aggregator, alerter] = [at.aggregators[0]!, at.alerters[0]!]
    expect((await notReady(aggregator, 'store')).reasons['store']).toMatch(/OOM|used memory/)
    const folding = await until(
      'commits fail',
      aggregator.readiness,
      ({ checks }) => checks['folding'] === false,
    )
    expect(folding.reasons['folding']).toMatch(
      /^folding partition \d.* has failed for \d+ s: STORE_FULL: /,
    )
    expect((await notReady(alerter, 'alert-store')).reasons['alert-store']).toMatch(
      /OOM|used memory/,
    )
    expect(await at.api.readiness()).toMatchObject({ ready: true })
    await at.client.live('acme', { kpis: 'contacts_opened' })
    expect(await command(at.redis.port, 'CONFIG SET maxmemory 0')).toBe('+OK')
    await Promise.all(all.map(isReady))
    await at.client.caughtUp('acme')
  })

  test.each(['ingest', 'aggregator', 'api', 'alerter'])(
    '%s waits for a Redis that is away at its start: alive, not ready, with the reason; then it starts',
    async (name) => {
      const [port, redisPort] = await freePorts(2)
      const late = service({
        ...{ main: `services/${name}/src/main.ts`, port },
        env: {
          ...{ DESKPULSE_CONFIG: at.configFile, DESKPULSE_HTTP__PORT: String(port) },
          DESKPULSE_REDIS__URL: `redis://127.0.0.1:${redisPort}`,
        },
      })
      const started = late.start()
      expect((await notReady(late, 'start')).reasons['start']).toMatch(
        /^STORE_UNAVAILABLE: .*ECONNREFUSED/,
      )
      const question = await fetch(`${late.url}/v1/tenants/acme/kpis/live`)
      expect([
        question.status,
        question.headers.get('retry-after'),
        await question.json(),
      ]).toMatchObject([503, '2', { code: 'starting' }])
      await using _redis = await forwarding(redisPort, `127.0.0.1:${at.redis.port}`)
      await started
      expect((await late.readiness()).checks).not.toHaveProperty('start')
      expect(await late.end('SIGTERM')).toEqual({ code: 0, signal: null })
    },
  )

  test('a service waits for a Kafka that is away at its start, and ends by a signal meanwhile', async () => {
    const [port, kafkaPort] = await freePorts(2)
    const env = {
      ...{ DESKPULSE_CONFIG: at.configFile, DESKPULSE_HTTP__PORT: String(port) },
      DESKPULSE_KAFKA__BROKERS: `127.0.0.1:${kafkaPort}`,
    }
    const late = service({ main: 'services/ingest/src/main.ts', port, env })
    const ended = late.start().catch((error: unknown) => error)
    expect((await notReady(late, 'start')).reasons['start']).toMatch(/^LOG_UNAVAILABLE: /)
    expect(await late.end('SIGTERM')).toEqual({ code: 0, signal: null })
    await ended
    const started = late.start()
    await notReady(late, 'start')
    await using _kafka = await forwarding(kafkaPort, at.kafka.brokers[0]!)
    await started
    await late.end('SIGTERM')
  })

  test('partitions that are added while everything runs are noticed by every service', async () => {
    const admin = new kafkajs.Kafka({
      brokers: [...at.kafka.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin()
    await admin.connect()
    await admin.createPartitions({ topicPartitions: [{ topic: at.topics.log, count: 3 }] })
    await admin.disconnect()
    const told = await Promise.all(all.map((one) => notReady(one, 'topics')))
    const reason = `topic ${at.topics.log}: partitions is 3 and must be 2`
    expect(told.map(({ reasons }) => reasons['topics'])).toEqual(all.map(() => reason))
  })
})
