import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Change, Epoch, Offset, PartitionId, StateStore } from '@deskpulse/stream'
import type { EpochMs } from '@deskpulse/core/time'
import { redisOrSkip, startOwnRedis } from '../../../tests/support/redis.ts'
import { redisStateStore } from './redis-state-store.ts'

const server = await redisOrSkip(() => startOwnRedis({ appendonly: 'yes', appendfsync: 'always' }))
const url = server?.url ?? ''
const p0 = 0 as PartitionId
const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })

afterAll(() => server?.stop())

const change = (epoch: Epoch, from: number): Change => ({
  ...{
    epoch,
    fromOffset: from as Offset,
    toOffset: (from + 1) as Offset,
    logTimeMs: from as EpochMs,
    watermarkMs: from as EpochMs,
  },
  puts: [{ key: 'm:a', bytes: Buffer.from(`${from + 1}`) }],
  ...{ appends: [], wakes: [], out: [] },
})

/** Does it until it no longer throws that the store is away, as a worker does. */
async function untilBack<Result>(doing: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await doing()
    } catch (error) {
      expect(error).toEqual(unavailable)
      await pause(20)
    }
  }
}

describe.skipIf(server === null)('Redis that fails', () => {
  let admin: Redis
  let store: StateStore

  beforeEach(async () => {
    admin = new Redis(url)
    admin.on('error', () => {}) // The server is to go away.
    await admin.flushall()
    store = await redisStateStore({ url, generation: 'g1', partitions: 1, commandTimeoutMs: 500 })
    onTestFinished(async () => {
      await store.close()
      await admin.quit()
    })
  })

  test('while Redis is gone every operation says so; when it is back they work, and nothing acknowledged is lost', async () => {
    const { epoch } = await store.acquire(p0)
    expect(await store.commit(p0, change(epoch, 0))).toEqual({ kind: 'committed' })
    await server?.kill()
    await expect(store.commit(p0, change(epoch, 1))).rejects.toThrow(unavailable)
    await expect(
      store.load(p0, ['m:a'], { upToMs: 1 as EpochMs, limit: 1 }, ['o:a']),
    ).rejects.toThrow(unavailable)
    await expect(store.read(p0, { keys: [] })).rejects.toThrow(unavailable)
    await expect(store.readOutbox(p0, 1)).rejects.toThrow(unavailable)
    expect(await store.ping()).toBe(false)
    await expect(store.takesWrites()).rejects.toThrow(unavailable)
    await server?.start()
    expect(await untilBack(() => store.commit(p0, change(epoch, 1)))).toEqual({ kind: 'committed' })
    expect(await store.ping()).toBe(true)
    expect((await store.read(p0, { keys: ['m:a'] })).values).toEqual([Uint8Array.of(0x32)])
  })

  test('a store cannot be opened while Redis is gone', async () => {
    await server?.kill()
    await expect(
      redisStateStore({ url, generation: 'g1', partitions: 1, commandTimeoutMs: 500 }),
    ).rejects.toThrow(unavailable)
    await server?.start()
    const second = await untilBack(() => redisStateStore({ url, generation: 'g1', partitions: 1 }))
    expect(await second.ping()).toBe(true)
    await second.close()
  })

  test('a Redis that hangs holds nobody up; a commit that it did after all is not done twice', async () => {
    const { epoch } = await store.acquire(p0)
    await store.commit(p0, change(epoch, 0))
    await admin.client('PAUSE', 900, 'ALL')
    await expect(store.commit(p0, change(epoch, 1))).rejects.toThrow(unavailable)
    expect(await untilBack(() => store.commit(p0, change(epoch, 1)))).toEqual({
      kind: 'behind',
      offset: 2,
    })
  })

  test('a follower goes on over a restart of Redis, without a gap', async () => {
    const { epoch } = await store.acquire(p0)
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const notices = store.follow(p0, null, ending.signal)[Symbol.asyncIterator]()
    await store.commit(p0, change(epoch, 0))
    expect((await notices.next()).value).toMatchObject({ offset: 1 })
    const waiting = notices.next()
    await server?.kill()
    await server?.start()
    expect(await untilBack(() => store.commit(p0, change(epoch, 1)))).toEqual({ kind: 'committed' })
    expect((await waiting).value).toMatchObject({
      offset: 2,
      changed: new Map([['m:a', new Set()]]),
    })
  })

  /** What an older snapshot, or an append-only file without its last second, brings back. */
  async function saved(): Promise<() => Promise<void>> {
    const keys = await admin.keys('*')
    const dumps = await Promise.all(keys.map((key) => admin.dumpBuffer(key)))
    return async () => {
      await admin.flushall()
      for (const [i, key] of keys.entries()) await admin.restore(key, 0, dumps[i] ?? '')
    }
  }

  test('restored to an older moment, the worker is behind and goes on from there; readers’ cursors are lost, also when it has caught up', async () => {
    const { epoch } = await store.acquire(p0)
    await store.commit(p0, change(epoch, 0))
    const restore = await saved()
    await store.commit(p0, change(epoch, 1))
    await store.commit(p0, change(epoch, 2))
    const { cursor } = await store.read(p0, { keys: [] })
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const notices = store.follow(p0, cursor, ending.signal)[Symbol.asyncIterator]()
    await restore()
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toBe('lost')
    expect(await store.commit(p0, change(epoch, 3))).toEqual({ kind: 'behind', offset: 1 })
    for (const from of [1, 2, 3])
      expect(await store.commit(p0, change(epoch, from))).toEqual({ kind: 'committed' })
    expect((await store.read(p0, { keys: [], since: cursor })).changed).toBe('lost')
    expect((await notices.next()).value).toBe('lost')
    await store.commit(p0, change(epoch, 4))
    const later = (await notices.next()).value
    expect(later).toMatchObject({ changed: new Map([['m:a', new Set()]]) })
  })

  test('restored to a moment before it acquired, the worker is fenced, and acquires at the older offset', async () => {
    const first = await store.acquire(p0)
    await store.commit(p0, change(first.epoch, 0))
    const restore = await saved()
    const second = await store.acquire(p0)
    await store.commit(p0, change(second.epoch, 1))
    await restore()
    expect(await store.commit(p0, change(second.epoch, 2))).toEqual({ kind: 'fenced' })
    const again = await store.acquire(p0)
    expect(again.offset).toBe(1)
    expect([first.epoch, second.epoch]).not.toContain(again.epoch)
  })

  test('emptied, it fences the worker, who begins at offset 0', async () => {
    const { epoch } = await store.acquire(p0)
    await store.commit(p0, change(epoch, 0))
    await admin.flushall()
    expect(await store.commit(p0, change(epoch, 1))).toEqual({ kind: 'fenced' })
    expect((await store.acquire(p0)).offset).toBe(0)
  })

  test('a Redis without memory left refuses the commit, writes nothing of it, and stays readable', async () => {
    const { epoch } = await store.acquire(p0)
    await store.commit(p0, change(epoch, 0))
    onTestFinished(async () => void (await admin.config('SET', 'maxmemory', '0'))) // Those that follow write.
    await admin.config('SET', 'maxmemory', '1')
    await expect(store.commit(p0, change(epoch, 1))).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_FULL' }),
    )
    await expect(store.takesWrites()).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_FULL' }),
    )
    expect(await store.ping()).toBe(true)
    expect(await store.read(p0, { keys: ['m:a'] })).toMatchObject({
      offset: 1,
      values: [Uint8Array.of(0x31)],
    })
    await admin.config('SET', 'maxmemory', '0')
    expect(await store.commit(p0, change(epoch, 1))).toEqual({ kind: 'committed' })
  })

  test('an expiry is set with the put, and gone with the next put that has none', async () => {
    const { epoch } = await store.acquire(p0)
    const [key = ''] = await admin.keys('*meta')
    const record = key.replace(/meta$/, 'm:a')
    const put = { key: 'm:a', bytes: Buffer.from('1') }
    await store.commit(p0, {
      ...change(epoch, 0),
      puts: [{ ...put, expiresInMs: 60_000 }],
      appends: [put],
    })
    expect(await admin.pttl(record)).toBeGreaterThan(50_000)
    await store.commit(p0, { ...change(epoch, 1), puts: [put] })
    expect(await admin.pttl(record)).toBe(-1)
  })
})
