import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeEvent, entryKinds } from '@deskpulse/contract'
import { decodeIssuedHead } from '@deskpulse/core/closed'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { closedKey, issuedKey } from '@deskpulse/core/state'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import {
  embeddedEventLog,
  embeddedStateStore,
  encodeFrame,
  type PartitionId,
  type StateStore,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { createLogger, createMetrics } from '@deskpulse/runtime'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startAggregator } from '../aggregator.ts'
import { startRebuild } from './rebuild.ts'

const partition = 0 as PartitionId
const topics = topicNames()
const eight = Date.UTC(2026, 2, 2, 8)

/** What was issued, and what is stored of it, superseded revisions too. */
async function issuedIn(store: StateStore) {
  const { values } = await store.read(partition, { keys: [issuedKey('acme')] })
  const { filling } = decodeIssuedHead(values[0] ?? null)
  const keys = filling.flatMap(({ slice, kind, startMs, revision }) => [
    closedKey('acme', slice, kind, startMs),
    closedKey('acme', slice, kind, startMs, revision),
  ])
  const records = await store.read(partition, { keys })
  return {
    filling,
    values: records.values.map((bytes) => bytes && Buffer.from(bytes).toString('hex')),
  }
}

test('a state that is made again has issued the same, byte for byte, and tells nobody again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-closed-'))
  let nowMs = eight as EpochMs
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite'), now: () => nowMs })
  const [before, made] = [
    await embeddedStateStore({ file: join(folder, 'before.sqlite') }),
    await embeddedStateStore({ file: join(folder, 'made.sqlite') }),
  ]
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  const metrics = createMetrics({ processMetrics: false })
  const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => {} } })
  const aggregator = await startAggregator({ log, store: before, topics, metrics, logger })
  onTestFinished(async () => {
    await Promise.all([before.close(), made.close(), log.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  let appended = 0
  /** Each record is folded by itself: the rebuild cuts the log otherwise. */
  async function append(afterMinutes: number, openedAfter: number | null): Promise<void> {
    nowMs = (eight + afterMinutes * minuteMs) as EpochMs
    const entries = openedAfter === null ? [] : [openedEntry(openedAfter)]
    const value = encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries })
    await log.append(topics.log, partition, [{ key: null, value }])
    appended += 1
    await vi.waitUntil(async () => (await before.read(partition, { keys: [] })).offset === appended)
  }
  for (const [after, openedAfter] of [
    ...[
      [1, 1],
      [20, 20],
      [61.5, null],
      [62, null],
      [63, null],
    ], // The hour is closed …
    ...[
      [64.2, 5],
      [65, null],
      [66, null],
      [67, null],
    ], // … and issued again,
    ...[
      [3 * 60, 150],
      [5 * 60, null],
      [6 * 60, null],
      [30 * 60, null],
      [31 * 60, null],
    ], // then a day is.
  ] as const)
    await append(after, openedAfter)
  await vi.waitUntil(async () => (await before.readOutbox(partition, 1)).length === 0)
  await aggregator.stop()

  const issued = await issuedIn(before)
  const ofAll = new Set(issued.filling.map(({ kind, revision }) => `${kind} ${revision}`))
  expect(ofAll).toEqual(new Set(['hour 1', 'hour 2', 'day 1']))
  const told = await log.read(topics.closed, partition, 0 as never, 1_000)
  expect(told).toHaveLength(issued.filling.length)

  const rebuild = await startRebuild({
    ...{ log, topics, store: made, before, group: 'rebuild-1' },
    ...{ configured: () => undefined, progress: () => {}, waiting: () => {} },
  })
  await rebuild.caughtUp
  await rebuild.overtaken()
  await rebuild.stop()
  await rebuild.forgetPublished()
  expect(await issuedIn(made)).toEqual(issued)
  expect(await made.readOutbox(partition, 1_000)).toEqual([])
})

function openedEntry(afterMinutes: number) {
  const event: CanonicalEvent = {
    ...{ type: 'contact.opened', id: `o-${afterMinutes}`, source: '/test', sequence: '0' },
    ...{ tenant: 'acme', timeMs: (eight + afterMinutes * minuteMs) as EpochMs },
    data: { contactId: `c-${afterMinutes}`, channel: 'chat', queue: 'billing' },
  }
  return { tenant: 'acme', kind: entryKinds.event, bytes: encodeEvent(event) }
}
