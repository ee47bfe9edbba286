import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, describe } from 'vitest'
import { stateStoreContract } from '@deskpulse/stream/contract-suites'
import { redisOrSkip, startRedis } from '../../../tests/support/redis.ts'
import { redisStateStore } from './redis-state-store.ts'

const redis = await redisOrSkip(startRedis)
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
    redisStateStore({ url: redis?.url ?? '', generation: 'g1', partitions: 3, namespace: `${namespace}-${stores++}`, ...options }),
  )
})
