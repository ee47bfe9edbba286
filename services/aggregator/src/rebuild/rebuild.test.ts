import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryKinds } from '@deskpulse/contract'
import {
  DeskpulseError,
  embeddedEventLog,
  embeddedStateStore,
  encodeFrame,
  type EventLog,
  type NewRecord,
  type PartitionId,
  realTimer,
  startProcessor,
  type StateStore,
  topicNames,
} from '@deskpulse/stream'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { PartitionFolder } from '@deskpulse/engine'
import { type Rebuild, type RebuildDeps, startRebuild } from './rebuild.ts'

const partition = 0 as PartitionId
const topics = topicNames()

/** What is no event, and becomes a dead letter. */
const refused = (text: string): NewRecord => {
  const entries = [{ tenant: 'acme', kind: entryKinds.event, bytes: Buffer.from(text) }]
  return { key: null, value: encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries }) }
}

let log: EventLog
let [before, made]: StateStore[] = []
let published: string[]

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-rebuild-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function openedLog(partitions = 1): Promise<EventLog> {
  const opened = embeddedEventLog({ file: join(newFolder(), 'log.sqlite') })
  onTestFinished(() => opened.close())
  await opened.ensureTopics([{ name: topics.log, partitions, settings: {} }])
  return opened
}

beforeEach(async () => {
  const folder = newFolder()
  log = await openedLog()
  before = await embeddedStateStore({ file: join(folder, 'before.sqlite') })
  made = await embeddedStateStore({ file: join(folder, 'made.sqlite') })
  published = []
  onTestFinished(async () => {
    for (const opened of [before!, made!]) await opened.close()
  })
})

/** As a worker's relay does. */
async function publish(store: StateStore): Promise<void> {
  const waiting = await store.readOutbox(partition, 1_000)
  published.push(...waiting.map(({ entry }) => entry.id))
  await store.trimOutbox(
    partition,
    waiting.map(({ position }) => position),
  )
}

const hasFolded = (store: StateStore, offset: number) =>
  vi.waitUntil(async () => (await store.read(partition, { keys: [] })).offset >= offset, {
    interval: 5,
  })

/** The worker that goes on with the state in use. @returns what ends it. */
async function worker(read: EventLog = log): Promise<() => Promise<void>> {
  const silent = { refused: () => {}, folded: () => {}, decided: () => {}, clock: () => {} }
  const options = {
    deadLetterTopic: topics.deadLetter,
    alertsTopic: topics.alerts,
    closedTopic: topics.closed,
    telemetry: silent,
    partitions: 1,
  }
  const processor = await startProcessor({
    ...{
      log: read,
      topic: topics.log,
      group: 'aggregator',
      store: before!,
      now: () => performance.now(),
      timer: realTimer,
    },
    relay: { wake: () => {}, stopRetrying: () => {}, stop: () => Promise.resolve() },
    telemetry: { committed: () => {}, waiting: () => {}, gap: () => {}, lost: () => {} },
    openFolder: (at, acquired) => new PartitionFolder(at, acquired, options),
  })
  return () => processor.stop()
}

const started = (changed: Partial<RebuildDeps> = {}): Promise<Rebuild> =>
  startRebuild({
    ...{ log, topics, store: made!, before: before!, group: 'rebuild-1' },
    ...{ configured: () => undefined, progress: () => {}, waiting: () => {}, ...changed },
  })

test('what the services publish while a rebuild runs, new or waiting when it began, is not published again by the new state', async () => {
  const stopWorker = await worker()
  await log.append(topics.log, partition, [refused('one')])
  await hasFolded(before!, 1)
  await publish(before!)
  await log.append(topics.log, partition, [refused('waits at the beginning')])
  await hasFolded(before!, 2)
  const rebuild = await started()
  await rebuild.caughtUp
  await log.append(topics.log, partition, [refused('comes meanwhile')])
  await hasFolded(before!, 3)
  await publish(before!)
  await log.append(topics.log, partition, [refused('waits at the end')])
  await hasFolded(before!, 4)
  await rebuild.overtaken()
  await rebuild.stop()
  await rebuild.forgetPublished()
  await stopWorker()
  expect(published).toEqual(['0-0-0', '0-1-0', '0-2-0'])
  await publish(made!)
  expect(published).toEqual(['0-0-0', '0-1-0', '0-2-0', '0-3-0'])
})

test('what a state of another log has published says nothing of this one', async () => {
  const other = await openedLog()
  const stopWorker = await worker(other)
  await other.append(topics.log, partition, [refused('one of the other'), refused('another')])
  await hasFolded(before!, 2)
  await publish(before!)
  await stopWorker()
  published = []
  await log.append(topics.log, partition, [refused('one')])
  const rebuild = await started()
  await rebuild.caughtUp
  await rebuild.overtaken()
  await rebuild.stop()
  await rebuild.forgetPublished()
  await publish(made!)
  expect(published).toEqual(['0-0-0'])
})

test('it tells how much it has folded, of all partitions, and how much is left', async () => {
  log = await openedLog(2)
  const second = 1 as PartitionId
  await log.append(topics.log, partition, [refused('one'), refused('two')])
  await log.append(topics.log, second, [refused('three')])
  const told: unknown[] = []
  const rebuild = await started({ progress: (one) => told.push(one) })
  await rebuild.caughtUp
  await rebuild.stop()
  expect(told.at(-1)).toEqual({ entries: 3, records: 3, left: 0 })
})

test('a store that is away is waited for, and told of; one without room ends the rebuild, as waiting makes none', async () => {
  await log.append(topics.log, partition, [refused('one')])
  const errors = [
    new DeskpulseError('STORE_UNAVAILABLE', 'away'),
    new DeskpulseError('STORE_FULL', 'full'),
  ]
  const told: DeskpulseError[] = []
  const commit: StateStore['commit'] = () => Promise.reject(errors[told.length]!)
  const waiting = (error: DeskpulseError): void => void told.push(error)
  const rebuild = await started({ store: { ...made!, commit }, waiting })
  await expect(rebuild.caughtUp).rejects.toBe(errors[1])
  expect(told).toEqual([errors[0]])
  await rebuild.stop()
})

test('a rebuild that is stopped has ended its consumption', async () => {
  let consumptions = 0
  const counting: EventLog = {
    ...log,
    async consume(options) {
      const consumption = await log.consume(options)
      consumptions += 1
      return {
        ...consumption,
        async stop() {
          await consumption.stop()
          consumptions -= 1
        },
      }
    },
  }
  const rebuild = await started({ log: counting })
  expect(consumptions).toBe(1)
  await rebuild.stop()
  expect(consumptions).toBe(0)
})
