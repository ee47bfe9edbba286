import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import type { PartitionId } from '@deskpulse/stream'
import { stateStoreContract } from '@deskpulse/stream/contract-suites'
import { redisOrSkip } from '../../../tests/support/redis.ts'
import { startRedisCluster } from '../../../tests/support/redis/cluster.ts'
import { command } from '../../../tests/support/redis/command.ts'
import {
  redisTlsFiles,
  type SecuredRedis,
  securedRedis,
} from '../../../tests/support/redis/secured.ts'
import { startSentinel } from '../../../tests/support/redis/sentinel.ts'
import { until } from '../../../tests/support/until.ts'
import { redisGenerations } from './generations.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { redisStateStore } from './redis-state-store.ts'

const password = 'CANARY-of-the-password'
const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
const documented = /^user (deskpulse .*)$/mu.exec(page)?.[1] ?? ''
/** The documented user, with as many installations as the tests have. */
const user = documented
  .replace('PASSWORD', password)
  .replaceAll('~dp:', '~t*:')
  .replaceAll('&dp:', '&t*:')

const files = await redisTlsFiles()
const server = await redisOrSkip(() => securedRedis(files, [user]))
const cluster = await redisOrSkip(() =>
  startRedisCluster({
    masters: 2,
    replicasOfEach: 0,
    start: (settings) =>
      securedRedis(files, [`${user} +cluster|slots +cluster|info`], {
        ...settings,
        'tls-cluster': 'yes',
      }),
  }),
)
afterAll(async () => {
  await Promise.all([server?.stop(), cluster?.stop()])
  await files.remove()
})

const tls = { ca: files.ca, ...files.client }
const credentials = { username: 'deskpulse', password, tls }
const portOf = (redis: unknown): number => (redis as SecuredRedis | null)?.tlsPort ?? 0
let stores = 0
const options = (more: Partial<RedisStateStoreOptions> = {}): RedisStateStoreOptions => ({
  url: `redis://127.0.0.1:${portOf(server)}`,
  ...credentials,
  generation: 'g1',
  partitions: 3,
  namespace: `t${stores++}`,
  ...more,
})

const p0 = 0 as PartitionId

describe.skipIf(server === null)('a Redis with TLS and users', () => {
  const open = (more: object = {}) => redisStateStore(options(more))

  stateStoreContract(open)

  test('the documented user may do what services and a rebuild do, and needs every right that it has', async () => {
    const namespace = 'trebuilt'
    const { generation: _generation, ...current } = options({ namespace })
    const store = await redisStateStore(current)
    await store.takesWrites()
    const generations = await redisGenerations(current)
    const [from, to] = [await generations.current(), await generations.next()]
    const beside = await redisStateStore({ ...current, generation: to, rebuilding: true })
    await beside.acquire(p0)
    expect(await generations.switch(from, to)).toBe(true)
    expect(await generations.unused()).toEqual([from])
    expect(await generations.remove(from)).toBe(true)
    await Promise.all([store.close(), beside.close(), generations.close()])

    const admin = new Redis(server!.url)
    const stats = await admin.info('commandstats')
    await admin.quit()
    const rights = [...documented.matchAll(/\+(\S+)/gu)].map(([, name = '']) => name)
    expect(rights.length).toBeGreaterThan(20)
    expect(rights.filter((name) => !stats.includes(`cmdstat_${name}:`))).toEqual([])
  })

  test('the documented user may touch nothing else', async () => {
    const client = new Redis({
      host: '127.0.0.1',
      port: portOf(server),
      ...credentials,
      lazyConnect: true,
    })
    await client.connect()
    await expect(client.get('other:key')).rejects.toThrow('NOPERM')
    await expect(client.flushall()).rejects.toThrow('NOPERM')
    await expect(client.config('GET', '*')).rejects.toThrow('NOPERM')
    await expect(client.keys('*')).rejects.toThrow('NOPERM')
    client.disconnect()
  })

  test('credentials may also stand in the URL, before which the keys go', async () => {
    const url = `rediss://deskpulse:${encodeURIComponent(password)}@127.0.0.1:${portOf(server)}`
    const inUrl = await open({ url, username: undefined, password: undefined })
    expect(await inUrl.ping()).toBe(true)
    await inUrl.close()
    const wrong = `rediss://nobody:nothing@127.0.0.1:${portOf(server)}`
    const beside = await open({ url: wrong })
    expect(await beside.ping()).toBe(true)
    await beside.close()
  })

  const refused: readonly { name: string; more: object; error: object }[] = [
    {
      name: 'servers whom nobody vouches for',
      more: { tls: { ...tls, ca: undefined } },
      error: { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('self-signed') },
    },
    {
      name: 'a server of another name',
      more: { tls: { ...tls, servername: 'other.example' } },
      error: { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('other.example') },
    },
    {
      name: 'a client without a certificate',
      more: { tls: { ca: files.ca } },
      error: { code: 'STORE_UNAVAILABLE' },
    },
    {
      name: 'a wrong password',
      more: { password: `${password}!` },
      error: { code: 'STORE_SETTINGS', message: expect.stringContaining('WRONGPASS') },
    },
  ]
  test.each(refused)('$name: not taken, and said without a secret', async ({ more, error }) => {
    const thrown: unknown = await open({ ...more, commandTimeoutMs: 1_000 }).catch(
      (reason: unknown) => reason,
    )
    expect(thrown).toMatchObject(error)
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toContain('CANARY')
  })

  test('the certificate may be for another name, which is said', async () => {
    const store = await open({ tls: { ...tls, servername: 'redis.test' } })
    expect(await store.ping()).toBe(true)
    await store.close()
  })
})

describe.skipIf(cluster === null)('a Redis Cluster with TLS and users', () => {
  test('is used as one without them', async () => {
    const url = (cluster?.nodes ?? []).map((node) => `redis://127.0.0.1:${portOf(node)}`).join(',')
    const store = await redisStateStore(options({ url, cluster: true, partitions: 4 }))
    for (const partition of [0, 1, 2, 3] as PartitionId[]) {
      await store.acquire(partition)
      expect((await store.read(partition, { keys: ['m:any'] })).values).toEqual([null])
    }
    await store.takesWrites()
    await store.close()
  })
})

describe.skipIf(server === null)('Sentinels with TLS and users', () => {
  test('say which Redis is the master, also when it is another one', async () => {
    await using started = new AsyncDisposableStack()
    const start = async (): Promise<SecuredRedis> => {
      const redis = await securedRedis(files, [user])
      started.defer(() => redis.stop())
      return redis
    }
    const [master, replica] = [await start(), await start()]
    await command(replica.port, `REPLICAOF 127.0.0.1 ${master.tlsPort}`)
    const info = (): Promise<string> => infoOf(master.port)
    await until('the replica is known', info, (text) => text.includes('state=online'))
    const watcher = `watcher on >${password}`
    const sentinel = await startSentinel(files, { name: 'desk', master, user: watcher })
    started.defer(() => sentinel.stop())
    const nodes = [`127.0.0.1:${sentinel.tlsPort}`]
    const said = { nodes, master: 'desk', username: 'watcher', password, tls }
    const open = (more: object = {}) =>
      redisStateStore(
        options({
          url: 'redis://nowhere.invalid',
          sentinel: { ...said, ...more },
          commandTimeoutMs: 2_000,
        }),
      )

    await expect(open({ username: undefined, password: undefined })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('NOPERM'),
    })
    await expect(open({ tls: undefined })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })

    const store = await open()
    started.defer(() => store.close())
    await store.acquire(p0)
    await until(
      'the sentinel knows the replica',
      () => infoOf(sentinel.port, 'sentinel'),
      (text) => text.includes('slaves=1'),
    )
    await master.kill()
    const writes = () =>
      store.takesWrites().then(
        () => true,
        () => false,
      )
    await until('the other Redis takes writes', writes, Boolean)
    expect(await infoOf(replica.port)).toContain('role:master')
  }, 60_000)
})

async function infoOf(port: number, section = 'replication'): Promise<string> {
  const client = new Redis({ port, lazyConnect: true, enableReadyCheck: false })
  client.on('error', () => {})
  try {
    await client.connect()
    return await client.info(section)
  } finally {
    client.disconnect()
  }
}
