import type { PartitionId } from '@deskpulse/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done } from '../support/deskpulse.ts'
import { startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { differences } from '../support/figures.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { command } from '../support/redis/command.ts'
import type { Service } from '../support/services.ts'
import { until } from '../support/until.ts'
import { startShiftCluster, type ShiftCluster } from './shift/cluster.ts'

const stopsWithinMs = 10_000

/** SIGTERM, in the middle of work. */
async function expectOrderlyStop(service: Service): Promise<void> {
  const beganMs = performance.now()
  const ended = await service.end('SIGTERM')
  expect(ended, service.process().out().slice(-2_000)).toEqual({ code: 0, signal: null })
  expect(performance.now() - beganMs).toBeLessThan(stopsWithinMs)
}

const seen = async (service: Service, metric: string): Promise<number> =>
  (await service.scrape()).sum(metric)

describe('SIGTERM ends a service within 10 s, with exit code 0, and nothing is lost:', () => {
  let cluster: ShiftCluster
  beforeAll(async () => {
    cluster = await startShiftCluster(['over-http', 'over-kafka', 'folded', 'read'])
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  test('ingest, with requests and raw records under way', async () => {
    const { at, shift } = cluster
    const overKafka = shift.replayToKafka('over-kafka', at.brokers, at.topicPrefix, '--rate', '600')
    const replays = [...cluster.replay(['over-http'], 600), overKafka]
    const before = await seen(at.ingest, 'deskpulse_events_accepted_total')
    const accepted = () => seen(at.ingest, 'deskpulse_events_accepted_total')
    await until('a part is accepted', accepted, (count) => count >= before + 1_000, { everyMs: 5 })
    await expectOrderlyStop(at.ingest)
    expect(replays.map((replay) => replay.hasEnded())).toEqual([false, false])
    await at.ingest.start()
    await cluster.expectSameFigures(['over-http', 'over-kafka'], replays)
  })

  test('an aggregator, and the next one that has all its partitions', async () => {
    const { at } = cluster
    const replays = cluster.replay(['folded'], 400)
    for (const worker of at.aggregators) {
      const before = await seen(worker, 'deskpulse_records_read_total')
      await until(
        'it folds',
        () => seen(worker, 'deskpulse_records_read_total'),
        (count) => count > before,
      )
      await expectOrderlyStop(worker)
      await worker.start()
    }
    await cluster.expectSameFigures(['folded'], replays)
  })

  test('the api, with readers under way', async () => {
    const { at } = cluster
    const reading = Array.from({ length: 20 }, () =>
      at.client.live('read', { slice: 'all' }).catch((error: unknown) => error),
    )
    await expectOrderlyStop(at.api)
    await Promise.all(reading)
    await at.api.start()
    await cluster.expectSameFigures(['read'], cluster.replay(['read'], 10_000))
  })

  test('the embedded product, with requests under way', async () => {
    await using product = await startEmbedded({ tenants: { calm: {}, stopped: {} } })
    const { service, client } = product
    await done(cluster.shift.replay('calm', service.url))
    const replay = cluster.shift.replay('stopped', service.url, '--batch', '50')
    await until(
      'a part is accepted',
      () => seen(service, 'deskpulse_events_accepted_total'),
      (count) => count >= cluster.shift.events + 500,
      { everyMs: 5 },
    )
    await expectOrderlyStop(service)
    expect(replay.hasEnded()).toBe(false)
    await service.start()
    await done(replay)
    await Promise.all(['stopped', 'calm'].map((tenant) => client.caughtUp(tenant)))
    const [stopped, calm] = await Promise.all(
      ['stopped', 'calm'].map((tenant) => cluster.shift.figures(client, tenant)),
    )
    expect(differences(stopped!, calm!)).toEqual([])
  })
})

describe('SIGTERM while the store is away ends a service within 10 s, with exit code 0, and nothing is half-written:', () => {
  let at: Installation
  let sent = 0
  beforeAll(async () => {
    const tenants = { acme: { pseudonymise: { key: 'a secret of the tests' } } }
    at = await startInstallation({ tenants, partitions: 2, aggregators: 1, alerters: 1 })
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  async function open(count: number): Promise<void> {
    const contacts = Array.from({ length: count }, (_, n) => ({
      contactId: `c-${sent + n}`,
      channel: 'chat',
      queue: 'billing',
    }))
    sent += count
    await at.client.send(
      'acme',
      contacts.map((contact) => eventOf('acme', 'contact.opened', contact)),
    )
  }

  async function opened(): Promise<unknown> {
    const { rows } = await at.client.live('acme', {
      slice: 'queue=billing',
      window: '60m',
      kpis: 'contacts_opened',
    })
    return rows[0]?.kpis['contacts_opened']?.value
  }

  const timesSaid = (service: Service, words: string): number =>
    service.process().out().split(words).length - 1

  /** More than the longest time to notice it and to stop. */
  const pausedMs = 30_000

  test.each([
    {
      how: 'it takes what is asked and answers nothing',
      goesAway: () => command(at.redis.port, `CLIENT PAUSE ${pausedMs} ALL`),
      comesBack: () => until('Redis answers', () => command(at.redis.port, 'PING'), Boolean),
    },
    { how: 'it is gone', goesAway: () => at.redis.kill(), comesBack: () => at.redis.start() },
  ])('$how', async ({ goesAway, comesBack }) => {
    const { api, ingest } = at
    const [aggregator, alerter] = [at.aggregators[0]!, at.alerters[0]!]
    await open(5)
    await at.caughtUp('acme')
    await goesAway()
    const waits = [
      { service: aggregator, words: 'the store or the log does not answer; waiting' },
      { service: alerter, words: 'a store does not answer; waiting' },
    ].map(({ service, words }) => {
      const before = timesSaid(service, words)
      return until(
        'it waits',
        () => timesSaid(service, words),
        (times) => times > before,
      )
    })
    await open(5)
    for (const partition of [0, 1] as PartitionId[])
      await at.log.append(at.topics.alerts, partition, [{ key: null, value: Buffer.from('x') }])
    await Promise.all(waits)
    const reading = Array.from({ length: 5 }, () =>
      at.client.live('acme', { slice: 'all' }).catch((error: unknown) => error),
    )
    await Promise.all([aggregator, alerter, api, ingest].map(expectOrderlyStop))
    await Promise.all(reading)

    await comesBack()
    await ingest.start()
    await Promise.all([aggregator, alerter, api].map((service) => service.start()))
    await at.caughtUp('acme')
    expect(await opened()).toBe(sent)
  })
})
