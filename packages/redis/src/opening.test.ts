import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { PartitionId } from '@deskpulse/stream'
import { redisOrSkip, startOwnRedis } from '../../../tests/support/redis.ts'
import { commitScript } from './commit.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { redisStateStore } from './redis-state-store.ts'

const server = await redisOrSkip(startOwnRedis)
const url = server?.url ?? ''
const p0 = 0 as PartitionId

afterAll(() => server?.stop())

describe.skipIf(server === null)('opening', () => {
  let admin: Redis

  beforeEach(async () => {
    admin = new Redis(url)
    await admin.flushall()
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    onTestFinished(async () => void (await admin.quit()))
  })

  async function opened(options: Partial<RedisStateStoreOptions> = {}) {
    const store = await redisStateStore({ url, generation: 'g1', partitions: 2, ...options })
    onTestFinished(() => store.close())
    return store
  }

  test.each(['allkeys-lru', 'volatile-ttl'])(
    'a Redis that may evict (%s) is refused by name',
    async (policy) => {
      await admin.config('SET', 'maxmemory-policy', policy)
      const message = expect.stringContaining(`maxmemory-policy ${policy}`)
      await expect(opened()).rejects.toThrow(
        expect.objectContaining({ code: 'STORE_SETTINGS', message }),
      )
    },
  )

  test('a wrong password is a wrong setting, not an absence', async () => {
    await admin.config('SET', 'requirepass', 'secret')
    onTestFinished(async () => void (await admin.config('SET', 'requirepass', '')))
    await expect(opened()).rejects.toThrow(expect.objectContaining({ code: 'STORE_SETTINGS' }))
    const store = await opened({ url: url.replace('redis://', 'redis://:secret@') })
    expect(await store.ping()).toBe(true)
  })

  test('another count of partitions is refused, and both counts are named', async () => {
    await opened()
    const message = expect.stringMatching(/2 partitions.* 3:/)
    await expect(opened({ partitions: 3 })).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_LAYOUT', message }),
    )
    expect(await (await opened()).ping()).toBe(true)
  })

  test('another generation is refused, and both are named', async () => {
    await opened()
    const message = expect.stringMatching(/"g1".*"g2"/)
    await expect(opened({ generation: 'g2' })).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_LAYOUT', message }),
    )
  })

  test('a rebuild opens a generation of its own, with a count of its own, and sees nothing of the other', async () => {
    const old = await opened()
    await old.acquire(p0)
    const rebuilt = await opened({ generation: 'g2', partitions: 5, rebuilding: true })
    await rebuilt.acquire(p0)
    expect((await admin.keys('*:meta')).sort()).toEqual([
      expect.stringMatching(/^dp:g1:\{0-\w+\}:meta$/),
      expect.stringMatching(/^dp:g2:\{0-\w+\}:meta$/),
    ])
    expect(await admin.hget('dp:partitions', 'current')).toBe('g1')
  })

  test('many that open at once agree on one layout', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => opened()))
    await Promise.all(stores.map((store) => store.acquire(p0)))
    expect(await admin.keys('*:meta')).toHaveLength(1)
  })

  test('a script that Redis has forgotten is sent again', async () => {
    const store = await opened()
    await store.acquire(p0)
    await admin.script('FLUSH')
    expect(await store.acquire(p0)).toMatchObject({ offset: 0 })
  })

  test('a follower begins at its call, also when Redis has yet to be told the scripts that it needs', async () => {
    const store = await opened()
    const { epoch, offset, logTimeMs, watermarkMs } = await store.acquire(p0)
    const change = {
      epoch,
      fromOffset: offset,
      toOffset: offset,
      logTimeMs,
      watermarkMs,
      puts: [],
      appends: [],
      wakes: [],
      out: [],
    }
    await store.commit(p0, change)
    await admin.script('FLUSH')
    await admin.script('LOAD', commitScript.lua)
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const notices = store.follow(p0, null, ending.signal)[Symbol.asyncIterator]()
    await store.commit(p0, { ...change, puts: [{ key: 'm:second', bytes: null }] })
    expect((await notices.next()).value).toMatchObject({
      changed: new Map([['m:second', new Set()]]),
    })
  })
})
