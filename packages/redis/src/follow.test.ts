import type {
  Acquired,
  Change,
  CommitNotice,
  FeedBreak,
  Offset,
  PartitionId,
  StateStore,
} from '@deskpulse/stream'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { redisOrSkip, startOwnRedis } from '../../../tests/support/redis.ts'
import { decodeMessage, type Message } from './message.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { redisStateStore } from './redis-state-store.ts'

const server = await redisOrSkip(startOwnRedis)
const url = server?.url ?? ''
const p0 = 0 as PartitionId
const channel = 'dp:commits'

afterAll(() => server?.stop())

const changeOf = ({ epoch, logTimeMs, watermarkMs }: Acquired, from: number): Change => ({
  ...{ epoch, logTimeMs, watermarkMs, fromOffset: from as Offset, toOffset: (from + 1) as Offset },
  puts: [{ key: `m:a#${from}`, bytes: Buffer.from('1') }],
  ...{ appends: [], wakes: [], out: [] },
})

const seen = (notice: CommitNotice | FeedBreak | undefined) =>
  typeof notice === 'object'
    ? [notice.offset, [...notice.changed].map(([key, fields]) => [key, ...fields])]
    : notice
const wanted = (offset: number) => [offset, [['m:a', `${offset - 1}`]]]

describe.skipIf(server === null)('following', () => {
  let admin: Redis
  beforeEach(async () => {
    admin = new Redis(url)
    await admin.flushall()
    onTestFinished(async () => void (await admin.quit()))
  })

  async function opened(options: Partial<RedisStateStoreOptions> = {}): Promise<StateStore> {
    const store = await redisStateStore({ url, generation: 'g1', partitions: 4, ...options })
    onTestFinished(() => store.close())
    return store
  }

  /** A writer, a reader, and the notices that the reader gets. */
  async function followed(partition = p0) {
    const [writer, reader] = [await opened(), await opened()]
    const owner = await writer.acquire(partition)
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const { cursor } = await reader.read(partition, { keys: [] })
    const notices = reader.follow(partition, cursor, ending.signal)[Symbol.asyncIterator]()
    let offset = 0
    return {
      async commit() {
        expect(await writer.commit(partition, changeOf(owner, offset++))).toEqual({
          kind: 'committed',
        })
      },
      next: async () => seen((await notices.next()).value ?? undefined),
      /** The key of the feed. */
      feed: async () => (await admin.keys(`dp:g1:{${partition}-*:changes`))[0]!,
    }
  }

  test('commits of several partitions at once are told in one message', async () => {
    const store = await opened()
    const listener = new Redis(url)
    onTestFinished(async () => void (await listener.quit()))
    const messages: Message[] = []
    listener.on('messageBuffer', (_channel: Buffer, bytes: Buffer) =>
      messages.push(decodeMessage(bytes)!),
    )
    await listener.subscribe(channel)
    const owners = await Promise.all(
      [0, 1, 2, 3].map((partition) => store.acquire(partition as PartitionId)),
    )
    let turns = 0
    const turn = () =>
      Promise.all(
        owners.map((owner, partition) =>
          store.commit(partition as PartitionId, changeOf(owner, turns)),
        ),
      )
    const told = () => messages.flatMap(({ commits }) => commits)
    // One that comes late, on a busy machine, is told apart.
    await vi.waitUntil(async () => {
      await turn()
      turns += 1
      return messages.some(
        ({ commits }) => new Set(commits.map(({ partition }) => partition)).size === owners.length,
      )
    })
    await expect.poll(() => told().length).toBe(4 * turns)
    for (const partition of owners.keys())
      expect(told().flatMap((one) => (one.partition === partition ? [one.offset] : []))).toEqual(
        Array.from({ length: turns }, (_, n) => n + 1),
      )
    expect(new Set(messages.map(({ generation }) => generation))).toEqual(new Set(['g1']))
  })

  test('messages that get lost lose nothing: the feed has them', async () => {
    const { commit, next } = await followed()
    await commit()
    expect(await next()).toEqual(wanted(1))
    for (let lost = 0; lost < 3; lost++) {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      for (let n = 0; n < 3; n++) await commit()
      for (let n = 0; n < 3; n++) expect(await next()).toEqual(wanted(2 + 3 * lost + n))
    }
  })

  test('a message that cannot be read is as good as lost, and nobody is told twice', async () => {
    const { commit, next } = await followed()
    await commit()
    expect(await next()).toEqual(wanted(1))
    await admin.publish(channel, 'what is that?')
    await admin.publish(channel, Buffer.of(99, 1, 2, 3))
    await commit()
    expect(await next()).toEqual(wanted(2))
    await commit()
    expect(await next()).toEqual(wanted(3))
  })

  test.each<{ rule: string; fields: Record<string, string | Buffer> }>([
    { rule: 'an older one, in keys', fields: { keys: '["m:a#7"]', fields: '' } },
    { rule: 'a later one', fields: { changed: Buffer.of(99, 1, 2, 3) } },
  ])(
    'a commit of another version ($rule) is told as unreadable, a read says that all may have changed, and the next one is told',
    async ({ fields }) => {
      const { commit, next, feed } = await followed()
      const reader = await opened()
      await commit()
      expect(await next()).toEqual(wanted(1))
      const { cursor } = await reader.read(p0, { keys: [] })
      const key = await feed()
      const previous = await admin.hget(key.replace(/changes$/, 'meta'), 'cursor')
      const position = ['previous', previous!, 'offset', '1', 'logTime', '0', 'watermark', '0']
      const written = await admin.xadd(key, '*', ...position, ...Object.entries(fields).flat())
      await admin.hset(key.replace(/changes$/, 'meta'), 'cursor', written!)
      expect(
        (
          await reader.read(p0, {
            keys: [],
            since: cursor,
            hashes: [{ key: 'open:a', fields: [] }],
          })
        ).changed,
      ).toBe('lost')
      expect(await next()).toBe('unreadable')
      await commit()
      expect(await next()).toEqual(wanted(2))
    },
  )

  test('what a rebuild makes is not told to those who read something else', async () => {
    const { commit, next } = await followed()
    const rebuilding = await opened({ generation: 'g2', rebuilding: true })
    const messages: string[] = []
    const listener = new Redis(url)
    onTestFinished(async () => void (await listener.quit()))
    listener.on('messageBuffer', (_channel: Buffer, bytes: Buffer) =>
      messages.push(decodeMessage(bytes)!.generation),
    )
    await listener.subscribe(channel)
    await rebuilding.commit(p0, changeOf(await rebuilding.acquire(p0), 0))
    await commit()
    expect(await next()).toEqual(wanted(1))
    await expect.poll(() => messages).toEqual(['g1'])
  })

  test('a user who may not tell of commits is refused by name where writes are tried', async () => {
    await admin.call('ACL', 'SETUSER', 'mute', 'on', '>secret', '~*', '+@all', 'resetchannels')
    onTestFinished(async () => void (await admin.call('ACL', 'DELUSER', 'mute')))
    const store = await opened({ url: url.replace('redis://', 'redis://mute:secret@') })
    await expect(store.takesWrites()).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_SETTINGS' }),
    )
    const notices = store.follow(p0, null, new AbortController().signal)[Symbol.asyncIterator]()
    await expect(notices.next()).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_SETTINGS' }),
    )
  })
})
