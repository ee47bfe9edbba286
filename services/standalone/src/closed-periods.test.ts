import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAggregator } from '@deskpulse/aggregator'
import { openSender, startAlerter } from '@deskpulse/alerter'
import { encodeEvent, entryKinds, parseConfig } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { createLogger, createMetrics } from '@deskpulse/runtime'
import {
  embeddedEventLog,
  embeddedStateStore,
  encodeFrame,
  type PartitionId,
  topicNames,
  topicSpecs,
  versionedState,
} from '@deskpulse/stream'
import { expect, onTestFinished, test } from 'vitest'
import { startWebhookReceiver } from '../../../tests/support/webhook-receiver.ts'

const partition = 0 as PartitionId
const topics = topicNames()
/** Some days ago, UTC: the log stands still there, and signatures are of now. */
const firstDay = (Math.floor(Date.now() / dayMs) - 3) * dayMs
const eight = firstDay + 8 * hourMs
const dayOf = (place: number): string =>
  new Date(firstDay + place * dayMs).toISOString().slice(0, 10)

/** Aggregator and alerter on files of their own, a log whose clock the test puts ahead; a receiver of webhooks that checks nothing but their signatures. */
async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-closed-'))
  let nowMs = eight as EpochMs
  const now = (): EpochMs => nowMs
  const receiver = await startWebhookReceiver()
  const endpoints = [
    {
      ...{ name: 'warehouse', kind: 'webhook', url: receiver.url, secret: receiver.secret },
      ...{ tenants: ['acme'], alerts: false, closedPeriods: ['day'] },
    },
  ]
  const alerts = { allowPrivateAddresses: true, endpoints }
  const parsed = parseConfig({ tenants: { acme: {} }, alerts })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const { config } = parsed
  const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => {} } })
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite'), now })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))

  /** `alertsFile`: of the alerter's own store. @returns what ends both. */
  async function start(alertsFile = 'alerts.sqlite'): Promise<() => Promise<void>> {
    const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
    const alertStore = await embeddedStateStore({ file: join(folder, alertsFile) })
    const metrics = createMetrics({ processMetrics: false })
    const aggregator = await startAggregator({ log, store, topics, metrics, logger })
    const sender = openSender(config.alerts)
    const readers = { key: foldVersionKey, version: foldVersion, partitions: 1 }
    const state = versionedState({ store, ...readers })
    const alerter = await startAlerter({
      ...{ log, alertStore, store: state, topics, partitions: 1, config },
      ...{ sender, metrics, logger },
    })
    return async () => {
      await Promise.all([aggregator.stop(), alerter.stop()])
      await Promise.all([sender.close(), store.close(), alertStore.close()])
    }
  }

  onTestFinished(async () => {
    await Promise.all([receiver.stop(), log.close()])
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    ...{ receiver, start },
    /** A record of the log, so many minutes after eight. `openedAt`: with a contact that was opened then. */
    async append(minutes: number, openedAt: number | null = null): Promise<void> {
      nowMs = (eight + minutes * minuteMs) as EpochMs
      const entries = openedAt === null ? [] : [openedEntry(openedAt)]
      const value = encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries })
      await log.append(topics.log, partition, [{ key: null, value }])
    },
  }
}

function openedEntry(minutes: number) {
  const event: CanonicalEvent = {
    ...{ type: 'contact.opened', id: `o-${minutes}`, source: '/test', sequence: '0' },
    ...{ tenant: 'acme', timeMs: (eight + minutes * minuteMs) as EpochMs },
    data: { contactId: `c-${minutes}`, channel: 'chat', queue: 'billing' },
  }
  return { tenant: 'acme', kind: entryKinds.event, bytes: encodeEvent(event) }
}

const midnight = 16 * 60

test('who asked for it is sent a signed webhook when a day is closed, another one when late data issues it again, and none twice after a restart or a loss', async () => {
  const { receiver, start, append } = await opened()
  /** Once so many have come: a message that came twice would be among them, as they come in order. */
  const told = async (count: number) => {
    const all = await receiver.until(`${count} came`, ({ length }) => length >= count)
    return all.map(({ told: { type, timestamp, data } }) => {
      const { label, cause, revision, rows } = data as unknown as Record<string, string>
      return `${type} ${timestamp.slice(0, 16)} ${label} ${cause} ${revision}: ${rows}`
    })
  }
  const first = `period.closed ${dayOf(1)}T00:02 ${dayOf(0)} closed 1: 6`
  const second = `period.closed ${dayOf(1)}T00:05 ${dayOf(0)} late 2: 6`
  const third = `period.closed ${dayOf(1)}T00:08 ${dayOf(0)} late 3: 6`

  const stop = await start()
  await append(1, 1)
  for (const minutes of [1.5, 2, 2.5, 3]) await append(midnight + minutes)
  expect(await told(1)).toEqual([first])
  await append(midnight + 3.5, 20)
  for (const minutes of [4, 5]) await append(midnight + minutes)
  expect(await told(2)).toEqual([first, second])
  await stop()

  const stopAgain = await start('another.sqlite')
  await append(midnight + 6.5, 40)
  for (const minutes of [7, 8, 9]) await append(midnight + minutes)
  expect(await told(3)).toEqual([first, second, third])
  await stopAgain()

  const stopLast = await start('another.sqlite')
  await append(midnight + 24 * 60 + 2, midnight + 60)
  for (const minutes of [3, 4, 5]) await append(midnight + 24 * 60 + minutes)
  const last = (await told(4))[3]
  await stopLast()
  expect(last).toContain(` ${dayOf(1)} closed 1: `)
  expect(receiver.deliveries()).toHaveLength(4)
  expect(new Set(receiver.deliveries().map(({ id }) => id)).size).toBe(4)
  expect(receiver.refused()).toEqual([])
})
