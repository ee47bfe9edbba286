import type { AlertListResponse, LiveResponse } from '@deskpulse/contract'
import type { NewRecord, Offset, PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { deleteRecords, deleteTopic, hasTopic } from '../../packages/kafka/src/testing/loss.ts'
import { eventOf } from '../support/events.ts'
import { type Installation, startInstallation } from '../support/installation.ts'
import { until } from '../support/until.ts'

const tenants = { acme: { customersArePseudonyms: true } }
const partition = 0 as PartitionId
const today = { window: 'today', kpis: 'contacts_opened' }

let contacts = 0
const opened = (): object =>
  eventOf('acme', 'contact.opened', {
    contactId: `c-${(contacts += 1)}`,
    channel: 'chat',
    queue: 'q',
  })
const many = (count: number): object[] => Array.from({ length: count }, opened)
const raw = (count: number): NewRecord[] =>
  many(count).map((event) => ({ key: null, value: Buffer.from(JSON.stringify(event)) }))

async function openedToday({ client }: Installation): Promise<unknown> {
  return (await client.live('acme', today)).rows[0]?.kpis['contacts_opened']?.value
}

const installationAlerts = '/v1/tenants/_installation/alerts'

async function alertsAt(at: Installation): Promise<AlertListResponse['rows']> {
  const response = await fetch(new URL(installationAlerts, at.alerters[0]!.url), {
    signal: AbortSignal.timeout(5_000),
  })
  return ((await response.json()) as AlertListResponse).rows.filter(
    ({ rule }) => rule === 'records-lost',
  )
}

async function acknowledge(at: Installation, alertId: string): Promise<number> {
  const url = new URL(`${installationAlerts}/${alertId}/acknowledge`, at.alerters[0]!.url)
  const body = JSON.stringify({ author: 'Li', comment: 'sent again' })
  return (
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  ).status
}

const endOf = async ({ log, topics }: Installation, topic: 'raw' | 'log'): Promise<number> =>
  ((await log.read(topics[topic], partition, 0 as Offset, 1_000_000)).at(-1)?.offset ?? -1) + 1

test('what retention takes from the raw topic and the log before it is counted is counted, alerted and said, until it is acknowledged', async () => {
  await using at = await startInstallation({ tenants, partitions: 1, aggregators: 1, alerters: 1 })
  const { topics, log, client, kafka, ingest } = at
  const aggregator = at.aggregators[0]!
  await log.append(topics.raw, partition, raw(10))
  await until(
    'the first ones are counted',
    () => openedToday(at),
    (value) => value === 10,
  )
  expect((await client.live('acme', today)).incomplete).toBeUndefined()

  await ingest.end('SIGTERM')
  await log.append(topics.raw, partition, raw(7))
  await deleteRecords(kafka.brokers, topics.raw, partition, await endOf(at, 'raw'))
  await log.append(topics.raw, partition, raw(5))
  await ingest.start()
  await until(
    'what is left is counted',
    () => openedToday(at),
    (value) => value === 15,
  )
  expect((await ingest.scrape()).sum('deskpulse_records_lost_total')).toBe(7)
  const answer: LiveResponse = await until(
    'answers say it',
    () => client.live('acme', today),
    ({ incomplete }) => incomplete !== undefined,
  )
  expect(answer.incomplete?.records).toBe(7)
  expect(Date.parse(answer.incomplete!.since)).toBeGreaterThan(Date.now() - 180_000)
  expect((await client.waiting('acme')).incomplete).toEqual(answer.incomplete)

  const [first] = await until(
    'it is alerted',
    () => alertsAt(at),
    (rows) => rows.length === 1,
  )
  expect(first).toMatchObject({
    status: 'firing',
    subject: 'records/raw-0-10',
    value: 7,
    severity: 'critical',
  })

  await aggregator.end('SIGTERM')
  const before = await endOf(at, 'log')
  await client.send('acme', many(4))
  await deleteRecords(kafka.brokers, topics.log, partition, await endOf(at, 'log'))
  await client.send('acme', many(3))
  await aggregator.start()
  await until(
    'what is left is counted',
    () => openedToday(at),
    (value) => value === 18,
  )
  expect((await aggregator.scrape()).sum('deskpulse_records_lost_total')).toBeGreaterThan(0)
  const both = await until(
    'it is alerted',
    () => alertsAt(at),
    (rows) => rows.length === 2,
  )
  const inLog = both.find(({ subject }) => subject.startsWith('records/log-0-'))!
  expect(Number(inLog.subject.split('-').at(-1))).toBeLessThanOrEqual(before + 5) // Heartbeats went on until the aggregator had ended.
  expect((await client.live('acme', today)).incomplete?.records).toBe(7 + Number(inLog.value))

  for (const { alertId } of both) expect(await acknowledge(at, alertId)).toBe(200)
  await until(
    'answers are whole',
    () => client.live('acme', today),
    ({ incomplete }) => incomplete === undefined,
  )
  await until(
    'both are over',
    () => alertsAt(at),
    (rows) => rows.every(({ status }) => status === 'resolved'),
  )
})

test('a log topic that was made again and has grown past what was folded is refused by name', async () => {
  await using at = await startInstallation({ tenants, partitions: 1, aggregators: 1 })
  const aggregator = at.aggregators[0]!
  await at.client.send('acme', many(3))
  await until(
    'they are counted',
    () => openedToday(at),
    (value) => value === 3,
  )
  await aggregator.end('SIGTERM')
  await at.ingest.end('SIGTERM')
  const folded = await endOf(at, 'log')
  await deleteTopic(at.kafka.brokers, at.topics.log)
  await until(
    'the topic is gone',
    () => hasTopic(at.kafka.brokers, at.topics.log),
    (isThere) => !isThere,
  )
  await at.ingest.start()
  await at.client.send('acme', many(1))
  await until(
    'the new log is longer',
    () => endOf(at, 'log'),
    (end) => end > folded + 5,
    { withinMs: 60_000 },
  )

  await aggregator.start().catch(() => {}) // It may end before it is seen ready.
  await until('it has ended', async () => aggregator.process().hasEnded(), Boolean)
  const said = aggregator.process().out() + aggregator.process().err()
  expect(said).toContain('STORE_OTHER_LOG')
  expect(said).toContain(`partition 0 of ${at.topics.log} has another record at offset`)
  expect(await openedToday(at)).toBe(3)
})
