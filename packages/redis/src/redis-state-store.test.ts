import { randomUUID } from 'node:crypto'
import type { EpochMs } from '@deskpulse/core/time'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import type { Change, Offset, PartitionId } from '@deskpulse/stream'
import { stateStoreContract } from '@deskpulse/stream/contract-suites'
import { redisOrSkip, startRedis } from '../../../tests/support/redis.ts'
import { redisStateStore } from './redis-state-store.ts'

const redis = await redisOrSkip(startRedis)
const partition = 0 as PartitionId
const at = (ms: number): EpochMs => ms as EpochMs
const namespace = `deskpulse-test-${randomUUID()}`

afterAll(async () => {
  if (redis === null) return
  const client = new Redis(redis.url)
  for await (const keys of client.scanStream({ match: `${namespace}*`, count: 1_000 })) {
    if (keys.length > 0) await client.unlink(keys)
  }
  await client.quit()
  await redis.stop()
})

describe.skipIf(redis === null)('Redis', () => {
  let stores = 0
  stateStoreContract((options) =>
    redisStateStore({
      url: redis?.url ?? '',
      generation: 'g1',
      partitions: 3,
      namespace: `${namespace}-${stores++}`,
      ...options,
    }),
  )

  test('records of a hash are one hash in Redis, which expires as was last said of it and not before', async () => {
    const url = redis?.url ?? ''
    const own = `${namespace}-expiry`
    const store = await redisStateStore({ url, generation: 'g1', partitions: 1, namespace: own })
    const client = new Redis(url)
    const { epoch } = await store.acquire(partition)
    let offset = 0
    const commit = (parts: Partial<Change>) =>
      store.commit(partition, {
        ...{
          epoch,
          fromOffset: offset as Offset,
          toOffset: ++offset as Offset,
          logTimeMs: at(0),
          watermarkMs: at(0),
        },
        ...{ puts: [], appends: [], wakes: [], out: [], ...parts },
      })
    const put = (field: number, expiresInMs?: number) => ({
      key: `m:a#${field}`,
      bytes: Buffer.from('1'),
      expiresInMs,
    })
    /** Its records, and the minutes until it expires; `null`: it never does. */
    const left = async (): Promise<readonly [number, number | null]> => {
      const [key] = await client.keys(`${own}:*m:a`)
      const ms = await client.pttl(key!)
      return [await client.hlen(key!), ms < 0 ? null : Math.round(ms / 60_000)]
    }
    await commit({ puts: [put(1), put(2)] })
    expect(await left()).toEqual([2, null])
    await commit({ expiries: [{ key: 'm:a', expiresInMs: 600_000 }] })
    await commit({ puts: [put(3)] })
    expect(await left()).toEqual([3, 10])
    await commit({ puts: [put(1, 1_200_000)] })
    expect(await left()).toEqual([3, 20])
    await client.quit()
    await store.close()
  })
})
