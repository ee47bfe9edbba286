import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Acquired, Change, PartitionId, StateStore } from '@deskpulse/stream'
import { redisOrSkip, startOwnRedis } from '../../../tests/support/redis.ts'
import { redisGenerations } from './generations.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { redisStateStore } from './redis-state-store.ts'

const server = await redisOrSkip(startOwnRedis)
const url = server?.url ?? ''
const p0 = 0 as PartitionId
const layout = { url, partitions: 2 }

afterAll(() => server?.stop())

/** A change that writes a record and an outbox entry, both of this text. */
const writing = (text: string, { epoch, offset, logTimeMs, watermarkMs }: Acquired): Change => ({
  ...{
    epoch,
    fromOffset: offset,
    toOffset: (offset + 1) as never,
    logTimeMs,
    watermarkMs,
    appends: [],
    wakes: [],
  },
  puts: [{ key: 'm:text', bytes: Buffer.from(text) }],
  out: [{ id: text, topic: 't', key: 'k', bytes: Buffer.from(text) }],
})

const textIn = async (store: StateStore): Promise<string | undefined> =>
  (await store.read(p0, { keys: ['m:text'] })).values.map(
    (bytes) => bytes && Buffer.from(bytes).toString(),
  )[0] ?? undefined

describe.skipIf(server === null)('generations', () => {
  let admin: Redis
  let generations: Awaited<ReturnType<typeof redisGenerations>>
  beforeEach(async () => {
    admin = new Redis(url)
    await admin.flushall()
    generations = await redisGenerations(layout)
    onTestFinished(async () => {
      await generations.close()
      await admin.quit()
    })
  })

  async function opened(options: Partial<RedisStateStoreOptions> = {}): Promise<StateStore> {
    const store = await redisStateStore({ ...layout, ...options })
    onTestFinished(() => store.close())
    return store
  }

  /** A service that uses the store, and a generation that a rebuild has made beside it. */
  async function rebuilt() {
    const service = await opened()
    const owner = await service.acquire(p0)
    expect(await service.commit(p0, writing('old', owner))).toEqual({ kind: 'committed' })
    const [from, to] = [await generations.current(), await generations.next()]
    const made = await opened({ generation: to, rebuilding: true })
    await made.commit(p0, writing('new', await made.acquire(p0)))
    return { service, owner, from, to, made }
  }

  test('the current one is not removed, also by who took it for unused before', async () => {
    const { from, to } = await rebuilt()
    expect(await generations.unused()).toEqual([to])
    expect(await generations.switch(from, to)).toBe(true)
    expect(await generations.remove(to)).toBe(false)
    expect(await textIn(await opened())).toBe('new')
  })

  test('a removal that does not end is taken up again: nothing of the generation stays', async () => {
    const { to, made } = await rebuilt()
    await made.close()
    // What is left by who is killed once the generation is out of the table.
    await admin.hdel('dp:partitions', `generation:${to}`)
    await admin.hset('dp:partitions', `removing:${to}`, '')
    expect(await generations.unused()).toEqual([to])
    expect(await generations.remove(to)).toBe(true)
    expect([
      await generations.unused(),
      await admin.keys(`dp:${to}:*`),
      await admin.hkeys('dp:partitions'),
    ]).toEqual([[], [], expect.not.arrayContaining([`removing:${to}`])])
  })

  test('a new store is of generation 1; numbers are given out once', async () => {
    expect(await generations.current()).toBe('1')
    expect([await generations.next(), await generations.next()]).toEqual(['2', '3'])
    await generations.remove('3')
    expect(await generations.next()).toBe('4')
  })

  test('until the switch readers and workers stay with the old one', async () => {
    const { service, to } = await rebuilt()
    expect(await textIn(service)).toBe('old')
    expect(await textIn(await opened())).toBe('old')
    expect(await generations.unused()).toEqual([to])
  })

  test('after the switch a service that is running reads the new one, and its cursor reaches back no further', async () => {
    const { service, from, to } = await rebuilt()
    const { cursor } = await service.read(p0, { keys: [] })
    expect(await generations.switch(from, to)).toBe(true)
    await expect.poll(() => textIn(service)).toBe('new')
    expect(await service.read(p0, { keys: [], since: cursor })).toMatchObject({ changed: 'lost' })
    expect(await textIn(await opened())).toBe('new')
  })

  test('where the old one is removed, a service reads the new one at once, and never nothing', async () => {
    const { service, from, to } = await rebuilt()
    await textIn(service)
    await generations.switch(from, to)
    await generations.remove(from)
    expect(await textIn(service)).toBe('new')
    expect((await admin.keys('*')).filter((key) => key.startsWith('dp:1:'))).toEqual([])
    expect(await generations.unused()).toEqual([])
  })

  test('a worker of the old one is fenced, and acquires the new one where the rebuild left it', async () => {
    const { service, owner, from, to } = await rebuilt()
    await generations.switch(from, to)
    await generations.remove(from)
    const next = { ...owner, offset: 1 as never }
    expect(await service.commit(p0, writing('late', next))).toEqual({ kind: 'fenced' })
    const acquired = await service.acquire(p0)
    expect(acquired).toMatchObject({ offset: 1 })
    expect(await service.commit(p0, writing('next', acquired))).toEqual({ kind: 'committed' })
    expect((await admin.keys('*')).filter((key) => key.startsWith('dp:1:'))).toEqual([])
  })

  test('what was published of the old outbox takes nothing out of the new one', async () => {
    const { service, from, to } = await rebuilt()
    const [entry] = await service.readOutbox(p0, 10)
    await generations.switch(from, to)
    await generations.remove(from)
    await expect
      .poll(async () => (await service.readOutbox(p0, 10)).map((one) => one.entry.id))
      .toEqual(['new'])
    const [mine] = await service.readOutbox(p0, 10)
    const sameId = entry!.position.replace(/.*\//, '')
    expect(entry!.position).toBe(`1/${sameId}`)
    await service.trimOutbox(p0, [`1/${mine!.position.slice(2)}` as never])
    expect(await service.readOutbox(p0, 10)).toHaveLength(1)
    await service.trimOutbox(p0, [mine!.position])
    expect(await service.readOutbox(p0, 10)).toEqual([])
  })

  test('a follower is told that the feed is lost, then hears of the new one', async () => {
    const { service, from, to } = await rebuilt()
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const notices = service.follow(p0, null, ending.signal)[Symbol.asyncIterator]()
    const first = notices.next()
    await generations.switch(from, to)
    await generations.remove(from)
    expect((await first).value).toBe('lost')
    const second = notices.next()
    await service.commit(p0, writing('next', await service.acquire(p0)))
    expect((await second).value).toMatchObject({
      changed: new Map([['m:text', new Set()]]),
      offset: 2,
    })
  })

  test('a switch from a generation that is not current, or to one that is gone, changes nothing', async () => {
    const { from, to } = await rebuilt()
    expect(await generations.switch('7', to)).toBe(false)
    await generations.remove(to)
    expect(await generations.switch(from, to)).toBe(false)
    expect(await generations.current()).toBe(from)
  })

  test('a rebuild whose generation was removed is refused by name when it would begin again', async () => {
    const { made, to } = await rebuilt()
    await generations.remove(to)
    const message = expect.stringContaining(`generation "${to}" of the store is gone`)
    await expect(made.acquire(p0)).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_LAYOUT', message }),
    )
  })

  test('a store that was emptied keeps its generation among those who are running', async () => {
    const { service, from, to } = await rebuilt()
    await generations.switch(from, to)
    await expect.poll(() => textIn(service)).toBe('new')
    await admin.flushall()
    await service.acquire(p0)
    expect(await admin.hget('dp:partitions', 'current')).toBe(to)
  })

  test('others that share the Redis keep their keys', async () => {
    const other = await opened({ namespace: 'dp-alerts' })
    await other.commit(p0, writing('theirs', await other.acquire(p0)))
    await generations.remove(await generations.current())
    expect(await textIn(other)).toBe('theirs')
  })
})
