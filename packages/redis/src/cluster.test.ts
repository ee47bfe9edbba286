import { Redis } from 'ioredis'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { PartitionId } from '@deskpulse/stream'
import { stateStoreContract } from '@deskpulse/stream/contract-suites'
import { redisOrSkip, startOwnRedis } from '../../../tests/support/redis.ts'
import type { OwnRedis } from '../../../tests/support/redis.ts'
import { redisStateStore } from './redis-state-store.ts'
import { slotCount } from './slots.ts'

/** Two nodes that share the slots. */
async function startCluster(): Promise<readonly [OwnRedis, OwnRedis]> {
  const settings = { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' }
  const nodes = [await startOwnRedis(settings), await startOwnRedis(settings)] as const
  const clients = nodes.map(({ url }) => new Redis(url))
  const [first, second] = clients
  await first?.call('CLUSTER', 'ADDSLOTSRANGE', 0, slotCount / 2 - 1)
  await second?.call('CLUSTER', 'ADDSLOTSRANGE', slotCount / 2, slotCount - 1)
  await first?.call('CLUSTER', 'MEET', '127.0.0.1', nodes[1].port)
  for (const client of clients)
    await vi.waitUntil(async () => (await client.cluster('INFO')).includes('cluster_state:ok'), { timeout: 20_000 })
  for (const client of clients) await client.quit()
  return nodes
}

const nodes = await redisOrSkip(startCluster)

afterAll(async () => {
  for (const node of nodes ?? []) await node.stop()
})

describe.skipIf(nodes === null)('Redis Cluster', () => {
  const url = (nodes ?? []).map((node) => node.url).join(',')
  let stores = 0
  const open = (options = {}) =>
    redisStateStore({ url, cluster: true, generation: 'g1', partitions: 4, namespace: `t${stores++}`, ...options })

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
