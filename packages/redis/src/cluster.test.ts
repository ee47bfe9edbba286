import { Redis } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import type { PartitionId } from '@deskpulse/stream'
import { stateStoreContract } from '@deskpulse/stream/contract-suites'
import { redisOrSkip } from '../../../tests/support/redis.ts'
import { startRedisCluster } from '../../../tests/support/redis/cluster.ts'
import { redisStateStore } from './redis-state-store.ts'

const cluster = await redisOrSkip(() => startRedisCluster({ masters: 2, replicasOfEach: 0 }))
const nodes = cluster?.nodes ?? null

afterAll(() => cluster?.stop())

describe.skipIf(nodes === null)('Redis Cluster', () => {
  const url = cluster?.url ?? ''
  let stores = 0
  const open = (options = {}) =>
    redisStateStore({
      url,
      cluster: true,
      generation: 'g1',
      partitions: 4,
      namespace: `t${stores++}`,
      ...options,
    })

  stateStoreContract(open)

  test('partitions spread over the nodes', async () => {
    const store = await open({ namespace: 'spread' })
    for (const partition of [0, 1, 2, 3]) await store.acquire(partition as PartitionId)
    await store.close()
    const counts = (nodes ?? []).map(async (node) => {
      const client = new Redis(node.url)
      const keys = await client.keys('spread:g1:*')
      await client.quit()
      return keys.length
    })
    expect(await Promise.all(counts)).toEqual([2, 2])
  })
})
