import { afterAll, describe, expect, test } from 'vitest'
import type { Change, PartitionId, StateStore } from '@deskpulse/stream'
import { redisOrSkip } from '../../../tests/support/redis.ts'
import { startRedisCluster } from '../../../tests/support/redis/cluster.ts'
import { until } from '../../../tests/support/until.ts'
import { redisStateStore } from './redis-state-store.ts'

const cluster = await redisOrSkip(() => startRedisCluster({ masters: 3, replicasOfEach: 1 }))
afterAll(() => cluster?.stop())

const partitions = [0, 1, 2, 3, 4, 5] as PartitionId[]
const bytes = new TextEncoder().encode('kept')

describe.skipIf(cluster === null)('a master of three is lost', () => {
  const open = (): Promise<StateStore> =>
    redisStateStore({
      url: cluster!.url,
      cluster: true,
      generation: 'g1',
      partitions: partitions.length,
      commandTimeoutMs: 2_000,
    })

  /** Each partition's next change, from where it stands. */
  async function commitTo(store: StateStore, partition: PartitionId, key: string): Promise<string> {
    const { epoch, offset, logTimeMs, watermarkMs } = await store.acquire(partition)
    const rest = { appends: [], wakes: [], out: [] }
    const change: Change = {
      epoch,
      fromOffset: offset,
      toOffset: offset,
      logTimeMs,
      watermarkMs,
      puts: [{ key, bytes }],
      ...rest,
    }
    return (await store.commit(partition, change)).kind
  }

  test(
    'its replica takes over: the same connection reads, commits and follows every partition again, and one opened now does too',
    { timeout: 120_000 },
    async () => {
      const store = await open()
      const ending = new AbortController()
      const noticed = new Map<PartitionId, Set<string>>(
        partitions.map((partition) => [partition, new Set()]),
      )
      const following = partitions.map(async (partition) => {
        for await (const notice of store.follow(partition, null, ending.signal)) {
          if (typeof notice !== 'string')
            for (const key of notice.changed.keys()) noticed.get(partition)!.add(key)
        }
      })
      try {
        for (const partition of partitions)
          expect(await commitTo(store, partition, 'm:before')).toBe('committed')
        const [lost] = await cluster!.masters()
        await cluster!.failOver(lost!)
        for (const partition of partitions) {
          const committed = () => commitTo(store, partition, 'm:after')
          expect(await until(`partition ${partition} takes a commit`, committed, Boolean)).toBe(
            'committed',
          )
          const { values } = await store.read(partition, { keys: ['m:before', 'm:after'] })
          expect(values.map((value) => value && Buffer.from(value).toString())).toEqual([
            'kept',
            'kept',
          ])
        }
        // A change feed that was cut off goes on where it was, or says that it has lost its place and goes on from now.
        for (const partition of partitions) {
          const seen = async (): Promise<boolean> => {
            await commitTo(store, partition, 'm:later')
            return noticed.get(partition)!.has('m:later')
          }
          await until(`partition ${partition} is followed`, seen, Boolean)
        }
        const other = await open()
        expect(await other.ping()).toBe(true)
        await other.close()
        await lost!.start()
        expect(await commitTo(store, partitions[0]!, 'm:again')).toBe('committed')
      } finally {
        ending.abort()
        await Promise.all(following)
        await store.close()
      }
    },
  )
})
