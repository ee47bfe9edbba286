import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { partitionOf } from '@deskpulse/stream'
import { command } from '../support/redis/command.ts'
import type { Service } from '../support/services.ts'
import { until } from '../support/until.ts'
import { clusterPartitions, startShiftCluster, type ShiftCluster } from './shift/cluster.ts'

/** Two tenants for each fault, in two partitions of different workers. */
function pairFor(fault: string): readonly [string, string] {
  const tenants = Array.from({ length: 100 }, (_, n) => `${fault}-${n}`)
  const [first = ''] = tenants
  const other = tenants.find(
    (tenant) =>
      partitionOf(tenant, clusterPartitions) % 2 !== partitionOf(first, clusterPartitions) % 2,
  )
  return [first, other ?? '']
}

const [killed, rolledBack, redisAway] = [
  pairFor('killed'),
  pairFor('rolled-back'),
  pairFor('redis-away'),
]
const [kafkaAway, frozen, emptied] = [pairFor('kafka-away'), pairFor('frozen'), pairFor('emptied')]

describe('after a fault, values are what they would have been without it:', () => {
  let cluster: ShiftCluster
  beforeAll(async () => {
    cluster = await startShiftCluster([
      ...killed,
      ...rolledBack,
      ...redisAway,
      ...kafkaAway,
      ...frozen,
      ...emptied,
    ])
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const folded = (): Promise<number> => cluster.overWorkers('deskpulse_entries_folded_total')
  const lost = (why: string): Promise<number> =>
    cluster.overWorkers('deskpulse_partitions_lost_total', { why })

  async function foldedMore(entries: number): Promise<void> {
    const wanted = (await folded()) + entries
    await until(`${entries} more entries are folded`, folded, (count) => count >= wanted)
  }

  async function untilReadiness(
    ready: boolean,
    dependency: string,
    services: readonly Service[],
  ): Promise<void> {
    const asked = services.map((service) =>
      until(
        `${service.url} says that ${dependency} is ${ready ? 'there' : 'away'}`,
        service.readiness,
        (now) => now.ready === ready && now.checks[dependency] === ready,
      ),
    )
    await Promise.all(asked)
  }

  test('ingest and api are killed: what was not acknowledged is sent again, and counted once', async () => {
    const { at, shift } = cluster
    const [overHttp, overKafka] = killed
    const replays = [
      ...cluster.replay([overHttp], 400),
      shift.replayToKafka(overKafka, at.brokers, at.topicPrefix, '--rate', '400'),
    ]
    await foldedMore(1_000)
    for (const service of [at.ingest, at.api]) await service.end('SIGKILL')
    expect(replays.map((replay) => replay.hasEnded())).toEqual([false, false])
    await at.ingest.start()
    // The group waits for the session of the member that died; events over HTTP do not.
    expect((await at.ingest.readiness()).checks).toMatchObject({
      log: true,
      store: true,
      raw: false,
    })
    await at.api.start()
    await cluster.expectSameFigures(killed, replays)
  })

  test('Redis comes back from an older snapshot: workers seek back to what it holds', async () => {
    const behindBefore = await lost('behind')
    const replays = cluster.replay(rolledBack, 500)
    await foldedMore(1_000)
    expect(await command(cluster.at.redis.port, 'SAVE')).toBe('+OK')
    await foldedMore(1_000)
    await cluster.shift.figures(cluster.at.client, rolledBack[0]) // Readers know of what will be undone.
    await cluster.at.redis.kill()
    await cluster.at.redis.start()
    await cluster.expectSameFigures(rolledBack, replays)
    expect((await lost('behind')) - behindBefore).toBeGreaterThan(0)
  })

  test('Redis is emptied: workers fold the log again, from its first record', async () => {
    const replays = cluster.replay(emptied, 500)
    await foldedMore(1_000)
    expect(await command(cluster.at.redis.port, 'FLUSHALL')).toBe('+OK')
    await cluster.expectSameFigures(emptied, replays)
    await cluster.expectSameFigures(rolledBack, []) // What was there before it, too.
  })

  test('Redis is away for a while: workers wait and say so, and the log goes on taking events', async () => {
    const { at, services } = cluster
    const accepted = async (): Promise<number> =>
      (await at.ingest.scrape()).sum('deskpulse_events_accepted_total')
    const replays = cluster.replay(redisAway, 500)
    await foldedMore(1_000)
    await at.redis.kill()
    await untilReadiness(false, 'store', services)
    const acceptedBefore = await accepted()
    await until(
      'events are accepted meanwhile',
      accepted,
      (count) => count >= acceptedBefore + 1_500,
    )
    await at.redis.start()
    await untilReadiness(true, 'store', services)
    await cluster.expectSameFigures(redisAway, replays)
  })

  test('Kafka is away for a while: ingest and workers wait and say so', async ({ skip }) => {
    const { at } = cluster
    const { restart } = at.kafka
    if (restart === undefined)
      return skip('the Kafka that the environment names is not ours to restart')
    const replays = cluster.replay(kafkaAway, 500)
    await foldedMore(1_000)
    const restarted = restart()
    await untilReadiness(false, 'log', [at.ingest, ...at.aggregators])
    await restarted
    await untilReadiness(true, 'log', [at.ingest, ...at.aggregators])
    await cluster.expectSameFigures(kafkaAway, replays)
  })

  // Whether it froze with a commit under way is chance. That such a commit is fenced, the contract suite of the stores and the processor's tests prove.
  test('a frozen worker wakes up after others took its partitions over: it counts nothing', async () => {
    const [worker, other] = cluster.at.aggregators as readonly [Service, Service]
    const owned = async (of: Service): Promise<number> =>
      (await of.scrape()).sum('deskpulse_partitions_owned')
    const replays = cluster.replay(frozen, 150)
    await until(
      'both workers have partitions',
      () => Promise.all([owned(worker), owned(other)]),
      (all) => all.every((count) => count > 0),
    )
    await foldedMore(500)
    for (const one of [worker, other]) one.process().signal('SIGSTOP')
    const told = () =>
      Promise.all(
        frozen.map((tenant) =>
          cluster.at.client.live(tenant, { slice: 'all', kpis: 'waiting_now' }),
        ),
      )
    await until('readers are told that values are stale', told, (answers) =>
      answers.some(({ stale }) => stale),
    )
    other.process().signal('SIGCONT')
    await until(
      'the other worker has all partitions',
      () => owned(other),
      (count) => count === clusterPartitions,
    )
    worker.process().signal('SIGCONT')
    await until(
      'the other worker has given a share back',
      () => owned(other),
      (count) => count > 0 && count < clusterPartitions,
    )
    await cluster.expectSameFigures(frozen, replays)
    expect((await told()).map(({ stale }) => stale)).toEqual([false, false])
    expect(worker.process().hasEnded()).toBe(false)
  })
})
