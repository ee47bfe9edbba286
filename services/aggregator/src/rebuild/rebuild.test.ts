import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryKinds } from '@deskpulse/contract'
import {
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
import { PartitionFolder } from '../partition/partition-folder.ts'
import { type Rebuild, startRebuild } from './rebuild.ts'

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

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-rebuild-'))
  log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  before = await embeddedStateStore({ file: join(folder, 'before.sqlite') })
  made = await embeddedStateStore({ file: join(folder, 'made.sqlite') })
  published = []
  await log.ensureTopics([{ name: topics.log, partitions: 1, settings: {} }])
  onTestFinished(async () => {
    for (const opened of [before!, made!, log]) await opened.close()
    rmSync(folder, { recursive: true, force: true })
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
async function worker(): Promise<() => Promise<void>> {
  const silent = { refused: () => {}, folded: () => {}, decided: () => {}, clock: () => {} }
  const options = {
    deadLetterTopic: topics.deadLetter,
    alertsTopic: topics.alerts,
    telemetry: silent,
    partitions: 1,
  }
  const processor = await startProcessor({
    ...{
      log,
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

const started = (): Promise<Rebuild> =>
  startRebuild({
    ...{ log, topics, store: made!, before: before!, group: 'rebuild-1' },
    ...{ configured: () => undefined, progress: () => {}, waiting: () => {} },
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
