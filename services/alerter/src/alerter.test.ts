import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeAlertRecord, parseConfig } from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { createLogger, createMetrics } from '@deskpulse/runtime'
import {
  embeddedEventLog,
  embeddedStateStore,
  DeskpulseError,
  type EventLog,
  type Offset,
  partitionOf,
  type PartitionId,
  type Put,
  realTimer,
  type StateStore,
  type Timer,
  topicNames,
  topicSpecs,
  versionedState,
} from '@deskpulse/stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startAlerter } from './alerter.ts'
import type { OutRequest } from './channels/channel.ts'
import { waiting } from './book/testing/talk.ts'
import type { Sender } from './sending/index.ts'

const topics = topicNames()
const partitions = 3

/** Every adapter is the real, embedded one; requests come to the test instead of a network. */
async function opened({ hasHeartbeat = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-alerter-'))
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  const alertStore = await embeddedStateStore({ file: join(folder, 'alerts.sqlite') })
  onTestFinished(async () => {
    await Promise.all([log.close(), store.close(), alertStore.close()])
    rmSync(folder, { recursive: true })
  })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: partitions, rawPartitions: 1 }))
  const aggregator = await liveAggregator(store)
  const told = ['floor', 'night'].map((name) => ({
    name,
    kind: 'webhook',
    url: `https://${name}.example/`,
    secret: `whsec_${'a'.repeat(32)}`,
  }))
  const endpoints = hasHeartbeat
    ? [...told, { name: 'outside', kind: 'heartbeat', url: 'https://outside.example/' }]
    : told
  const parsed = parseConfig({ tenants: { acme: {} }, alerts: { endpoints } })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const { config } = parsed
  const requests: OutRequest[] = []
  const sender: Sender = {
    send(request) {
      requests.push(request)
      return Promise.resolve({ kind: 'answered', answer: { status: 204, headers: {}, body: '' } })
    },
    close: () => Promise.resolve(),
  }
  const metrics = createMetrics({ processMetrics: false })
  const logger = createLogger({ name: 'alerter', level: 'silent' })
  let away: 'store' | 'log' | null = null
  const gone = (code: 'STORE_UNAVAILABLE' | 'LOG_UNAVAILABLE') =>
    Promise.reject(new DeskpulseError(code, 'away'))
  const readable: Pick<StateStore, 'read'> = {
    read: (...args) => (away === 'store' ? gone('STORE_UNAVAILABLE') : store.read(...args)),
  }
  const askable: EventLog = {
    ...log,
    oldestUnconsumed: (...args) =>
      away === 'log' ? gone('LOG_UNAVAILABLE') : log.oldestUnconsumed(...args),
  }
  const readers = versionedState({
    store: { ...store, ...readable },
    partitions,
    key: foldVersionKey,
    version: foldVersion,
  })
  const deps = {
    log: askable,
    store: readers,
    topics,
    partitions,
    config,
    sender,
    metrics,
    logger,
  }
  const start = () => startAlerter({ ...deps, alertStore })
  /** Twenty times as fast. */
  function startFast() {
    const startedMs = Date.now()
    const nowMs = () => startedMs + 20 * (Date.now() - startedMs)
    aggregator.setClock(nowMs)
    const timer: Timer = { after: (afterMs, act) => realTimer.after(afterMs / 20, act) }
    return startAlerter({ ...deps, alertStore, nowMs, timer })
  }
  /** Its own store is gone, `ms` have passed, and time goes twenty times as fast. */
  async function startEmptied(ms: number) {
    const empty = await embeddedStateStore({ file: join(folder, 'alerts-anew.sqlite') })
    onTestFinished(() => empty.close())
    const startedMs = Date.now()
    aggregator.setClock(() => nowMs())
    const nowMs = () => startedMs + ms + 20 * (Date.now() - startedMs)
    const timer: Timer = { after: (afterMs, act) => realTimer.after(afterMs / 20, act) }
    return startAlerter({ ...deps, alertStore: empty, nowMs, timer })
  }
  return {
    log,
    start,
    startFast,
    startEmptied,
    requests,
    metrics,
    async goAway(what: typeof away | 'version') {
      away = what === 'version' ? null : what
      await aggregator.foldedBy(what === 'version' ? foldVersion - 1 : foldVersion)
    },
  }
}

/** Folds nothing, and is up to date: what fires can be trusted. */
async function liveAggregator(store: StateStore) {
  const partition = partitionOf('acme', partitions)
  const { epoch } = await store.acquire(partition)
  let nowMs: () => number = Date.now
  let offset = 0
  const puts: Put[] = []
  async function commit(): Promise<void> {
    const [fromOffset, toOffset, at] = [offset as Offset, ++offset as Offset, nowMs() as EpochMs]
    const position = { epoch, fromOffset, toOffset, logTimeMs: at, watermarkMs: at }
    await store.commit(partition, {
      ...position,
      puts: puts.splice(0),
      appends: [],
      wakes: [],
      out: [],
    })
  }
  await commit()
  let last = Promise.resolve()
  const everyFewMs = setInterval(() => void (last = last.then(commit)), 50)
  onTestFinished(async () => {
    clearInterval(everyFewMs)
    await last
  })
  return {
    setClock: (clock: () => number) => void (nowMs = clock),
    /** As of the next commit: the state is that of this version of the folds. */
    foldedBy(version: number): Promise<void> {
      puts.push({ key: foldVersionKey, bytes: Buffer.from(String(version)) })
      return (last = last.then(commit))
    },
  }
}

test('an alert of the topic is posted to every endpoint, whichever partitions they are in', async () => {
  const { log, start, requests, metrics } = await opened()
  const alerter = await start()
  const nowMs = Date.now() as EpochMs
  const value = encodeAlertRecord({ kind: 'transition', transition: waiting(nowMs) })
  await log.append(topics.alerts, partitionOf('acme', partitions), [{ key: 'acme', value }])
  await vi.waitUntil(() => requests.length === 2, { interval: 5 })
  expect(requests.map(({ url }) => url).toSorted()).toEqual([
    'https://floor.example/',
    'https://night.example/',
  ])
  expect(JSON.parse(requests[0]!.body)).toMatchObject({
    type: 'alert.firing',
    data: { tenant: 'acme', rule: 'customer-waiting', contactId: 'c-1' },
  })

  await vi.waitUntil(() => alerter.owned().length === partitions)
  const text = await metrics.registry.metrics()
  expect(text).toContain('deskpulse_alerts_firing{severity="warning"} 1')
  expect(text).toContain('deskpulse_alerts_told_total{status="firing"} 2')
  expect(text).toContain(`deskpulse_alert_partitions_owned ${partitions}`)
  await alerter.stop()
  await alerter.ended
})

test('after a stop another one goes on where it stood, and posts nothing again', async () => {
  const { log, start, requests } = await opened()
  const first = await start()
  const partition = partitionOf('acme', partitions)
  const append = async (id: string): Promise<void> => {
    const transition = waiting(Date.now() as EpochMs, { subject: `contact/${id}`, contactId: id })
    await log.append(topics.alerts, partition, [
      { key: 'acme', value: encodeAlertRecord({ kind: 'transition', transition }) },
    ])
  }
  await append('c-1')
  await vi.waitUntil(() => requests.length === 2)
  await first.stop()
  const second = await start()
  await append('c-2')
  await vi.waitUntil(() => requests.length === 4)
  expect(
    requests.map(
      ({ body }) => (JSON.parse(body) as { data: { contactId: string } }).data.contactId,
    ),
  ).toEqual(['c-1', 'c-1', 'c-2', 'c-2'])
  await second.stop()
})

test('one whose store was lost pages nobody for what is over, and tells what still fires once more, under the same id', async () => {
  const { log, start, startEmptied, requests } = await opened()
  const nowMs = Date.now() as EpochMs
  const put = async (transition: AlertTransition): Promise<void> => {
    const value = encodeAlertRecord({ kind: 'transition', transition })
    await log.append(topics.alerts, partitionOf('acme', partitions), [{ key: 'acme', value }])
  }
  const idsOf = (): readonly string[] =>
    requests.map(({ url, headers }) => `${url} ${headers['webhook-id']}`).toSorted()
  const first = await start()
  const over = waiting(nowMs, { subject: 'contact/c-1', contactId: 'c-1' })
  await put(waiting(nowMs, { subject: 'contact/c-2', contactId: 'c-2' }))
  await vi.waitUntil(() => requests.length === 2)
  const open = idsOf()
  await put(over)
  await vi.waitUntil(() => requests.length === 4)
  await put({ ...over, status: 'resolved', endedMs: nowMs, end: 'over', detectedMs: nowMs })
  await vi.waitUntil(() => requests.length === 6)
  await first.stop()

  requests.length = 0
  const second = await startEmptied(hourMs)
  await vi.waitUntil(() => requests.length >= 2)
  await second.stop()
  expect(idsOf()).toEqual(open)
})

test.each([
  { what: 'store', rule: 'the store is away' },
  { what: 'log', rule: 'the log is away' },
  { what: 'version', rule: 'the state is that of other folds' },
] as const)(
  'a heartbeat is sent while alerts could be told, and not while $rule; it is told of no alert',
  async ({ what }) => {
    const { log, startFast, requests, goAway } = await opened({ hasHeartbeat: true })
    const alerter = await startFast()
    const pings = (): number =>
      requests.filter(({ url, method }) => url === 'https://outside.example/' && method === 'GET')
        .length
    await vi.waitUntil(() => pings() === 2)
    const nowMs = Date.now() as EpochMs
    const value = encodeAlertRecord({ kind: 'transition', transition: waiting(nowMs) })
    await log.append(topics.alerts, partitionOf('acme', partitions), [{ key: 'acme', value }])
    await vi.waitUntil(() => requests.length - pings() === 2)
    await goAway(what)
    let looks = 0
    const before = pings()
    await vi.waitUntil(() => ++looks > 100, { interval: 50 }) // A hundred seconds of it.
    expect(pings() - before).toBeLessThanOrEqual(1) // One was under way.
    await goAway(null)
    await vi.waitUntil(() => pings() > before + 1)
    await alerter.stop()
  },
)

test('two of one installation share the partitions', async () => {
  const { start } = await opened()
  const [one, other] = [await start(), await start()]
  await vi.waitUntil(
    () => one.owned().length + other.owned().length === partitions && other.owned().length > 0,
  )
  const owned: readonly PartitionId[] = [...one.owned(), ...other.owned()]
  expect(new Set(owned).size).toBe(partitions)
  await other.stop()
  await vi.waitUntil(() => one.owned().length === partitions)
  await one.stop()
})
