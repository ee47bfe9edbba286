import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseKey } from '@deskpulse/contract'
import { kafkaEventLog } from '@deskpulse/kafka'
import { type Offset, type PartitionId, topicNames } from '@deskpulse/stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { done } from '../support/deskpulse.ts'
import { startKafka, type TestKafka } from '../support/kafka.ts'
import { freePorts } from '../support/kafka/free-ports.ts'
import { startProcess } from '../support/processes.ts'
import { type OwnRedis, startOwnRedis } from '../support/redis.ts'
import { service } from '../support/services.ts'
import { until } from '../support/until.ts'

let kafka: TestKafka
let redis: OwnRedis
const folder = mkdtempSync(join(tmpdir(), 'deskpulse-keys-'))
beforeAll(async () => {
  redis = await startOwnRedis()
  kafka = await startKafka()
}, 120_000)
afterAll(async () => {
  await kafka?.stop()
  await redis?.stop()
  rmSync(folder, { recursive: true })
})

/** `deskpulse` with this configuration, which both an option and the environment may name. */
const deskpulse = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  done(startProcess('services/cli/src/main.ts', { args, env }))

test('the first key of a cluster is made by its configuration, and one that is revoked there is refused by the services that run', async () => {
  const topicPrefix = `keys-${randomUUID().slice(0, 8)}`
  const topics = topicNames(topicPrefix)
  const config = join(folder, 'deskpulse.yaml')
  const [port = 0] = await freePorts(1)
  writeFileSync(
    config,
    JSON.stringify({
      tenants: { acme: { pseudonymise: { key: 'a secret of the tests' } } },
      auth: { mode: 'keys', sessionSecret: 'a secret of the tests, thirty-two' },
      kafka: { brokers: ['nowhere:1'], topicPrefix, partitions: 1 },
      redis: { url: redis.url },
    }),
  )
  // The environment stands over the file, as for the services.
  const env = { DESKPULSE_CONFIG: config, DESKPULSE_KAFKA__BROKERS: kafka.brokers.join(',') }
  const whose = ['--tenant', 'acme']
  const key = (
    await deskpulse(env, 'keys', 'create', '--name', 'c', '--scopes', 'ingest', ...whose)
  ).trimEnd()
  const { id, secret } = parseKey(key)!

  const ingest = service({
    ...{ main: 'services/ingest/src/main.ts', port },
    env: { ...env, DESKPULSE_HTTP__PORT: String(port) },
  })
  const log = kafkaEventLog({ brokers: kafka.brokers, clientId: 'deskpulse-tests' })
  try {
    await ingest.start()
    const post = () =>
      fetch(`${ingest.url}/v1/tenants/acme/events`, {
        ...{ method: 'POST', body: '[]' },
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      }).then(({ status }) => status)
    expect(await post()).toBe(400) // No events: whose they are has been asked.
    const { DESKPULSE_CONFIG: _, ...brokers } = env
    expect(await deskpulse(brokers, 'keys', 'revoke', id, ...whose, '--config', config)).toBe(
      `key ${id} is revoked\n`,
    )
    await until('the key is refused', post, (status) => status === 401)
    const list = await deskpulse(env, 'keys', 'list', ...whose, '--json')
    expect(JSON.parse(list)).toMatchObject({ id, status: 'revoked' })
    const records = await log.read(topics.access, 0 as PartitionId, 0 as Offset, 100)
    expect(records.length).toBeGreaterThanOrEqual(2)
    expect(records.map(({ value }) => Buffer.from(value!).toString()).join('')).not.toContain(
      secret,
    )
  } finally {
    await ingest.end('SIGKILL')
    await log.close()
  }
})
