import { Redis } from 'ioredis'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { PartitionId } from '@deskpulse/stream'
import { stateStoreContract } from '@deskpulse/stream/contract-suites'
import { redisOrSkip, startOwnRedis } from '../../../tests/support/redis.ts'
import type { OwnRedis } from '../../../tests/support/redis.ts'
import { redisStateStore } from './redis-state-store.ts'
import { slotCount } from './slots.ts'

/** Two nodes that share the slots. */
async function startCluster(): Promise<readonly OwnRedis[]> {
  const settings = { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' }
  const nodes = [await startOwnRedis(settings), await startOwnRedis(settings)]
  try {
    await join(nodes)
    return nodes
  } catch (error) {
    for (const node of nodes) await node.stop()
    throw error
  }
}

async function join(nodes: readonly OwnRedis[]): Promise<void> {
  const share = slotCount / nodes.length
  const clients = nodes.map(({ url }) => new Redis(url))
  for (const [i, client] of clients.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', i * share, (i + 1) * share - 1)
    for (const { port } of nodes) await client.call('CLUSTER', 'MEET', '127.0.0.1', port)
  }
  for (const client of clients) {
    await vi.waitUntil(async () => (await client.cluster('INFO')).includes('cluster_state:ok'), { timeout: 20_000 })
    await client.quit()
  }
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
