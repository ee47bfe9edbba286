import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeConfigVersions, parseConfig } from '@deskpulse/contract'
import { configAt } from '@deskpulse/core/config'
import { configKey } from '@deskpulse/core/state'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import { createLogger, createMetrics } from '@deskpulse/runtime'
import {
  embeddedEventLog,
  embeddedStateStore,
  type PartitionId,
  type StateStore,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAggregator } from '../../services/aggregator/src/index.ts'
import { type Ingest, noMetrics, startIngest } from '../../services/ingest/src/index.ts'
import { manualTimer } from '../../services/ingest/src/testing/manual-timer.ts'
import { noErasing } from '../../services/ingest/src/testing/no-erasing.ts'
import { until } from '../support/until.ts'

let root: string
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'deskpulse-configuration-'))))
afterAll(() => rm(root, { recursive: true, force: true }))

const topics = topicNames()
const partition = 0 as PartitionId
const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => {} } })
/** Log time goes on as it is told to. */
let nowMs = Date.parse('2026-03-02T09:00:00Z') as EpochMs

type Running = {
  /** Says what the file says, and looks again until nothing is left to be proposed. */
  ingest(timeZone: string): Promise<{
    readonly settled: () => Promise<void>
    readonly replaced: readonly string[]
    stop(): Promise<void>
  }>
  aggregate(): Promise<void>
  /** The time zone that is in force, once all that the log holds so far is folded. */
  inForce(): Promise<string>
  stop(): Promise<void>
}

/** Ingest and aggregator over the files of a folder, as `npm start` has them. */
async function open(folder: string): Promise<Running> {
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite'), now: () => nowMs })
  const store: StateStore = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  const stops: (() => Promise<void>)[] = []

  async function folded(): Promise<number> {
    const entries = await log.read(topics.log, partition, 0 as never, 1_000_000)
    const end = entries.length === 0 ? 0 : entries.at(-1)!.offset + 1
    await until(
      'all is folded',
      async () => (await store.read(partition, { keys: [] })).offset,
      (offset) => offset >= end,
    )
    return end
  }
  const versions = async () => {
    const { values } = await store.read(partition, { keys: [configKey('acme')] })
    return values[0] ? decodeConfigVersions(values[0]) : []
  }

  return {
    async ingest(timeZone) {
      const parsed = parseConfig({ tenants: { acme: { timeZone, customersArePseudonyms: true } } })
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
      const timer = manualTimer()
      const replaced: string[] = []
      let looks = 0
      const ingest: Ingest = startIngest({
        ...{
          log,
          store,
          topics,
          partitions: 1,
          sender: timeZone,
          config: parsed.config,
          keysOf: () => ({ key: 'key', previous: [] }),
          metrics: noMetrics,
        },
        ...{ erasing: noErasing(), forwardsRaw: false, timer },
        proposals: {
          replaced: ({ what, current }) => void replaced.push(`${what} ${current}`),
          standsAgainst: (what) => void (looks += what === 'configuration' ? 1 : 0),
          failed: (error) => expect(error).toBeUndefined(),
        },
      })
      await ingest.propose()
      const stop = () => ingest.stop()
      stops.unshift(stop)
      return {
        replaced,
        stop,
        async settled() {
          for (let before = -1; ;) {
            await folded()
            const count = (await versions()).length
            if (count === before) return
            before = count
            const seen = looks
            timer.ring()
            await until(
              'it has looked',
              async () => looks,
              (now) => now > seen,
            )
          }
        },
      }
    },
    async aggregate() {
      const aggregator = await startAggregator({
        log,
        store,
        topics,
        metrics: createMetrics({ processMetrics: false }),
        logger,
      })
      stops.unshift(() => aggregator.stop())
    },
    async inForce() {
      await folded()
      return configAt(await versions(), nowMs).timeZone
    },
    async stop() {
      for (const stop of stops.splice(0)) await stop()
      await store.close()
      await log.close()
    },
  }
}

const storeFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('store.sqlite'))
/** A later version is in force 5 to 20 min of log time after its append. */
const waitsLonger = (): void => void (nowMs = (nowMs + 20 * minuteMs) as EpochMs)

/** A folder in which `timeZone` was counted with. */
async function used(name: string, timeZone: string): Promise<string> {
  const folder = await mkdtemp(join(root, name))
  const running = await open(folder)
  await running.aggregate()
  const ingest = await running.ingest(timeZone)
  await ingest.settled()
  expect(await running.inForce()).toBe(timeZone)
  await running.stop()
  return folder
}

/** The file says so: it is in force once the folds and ingest have looked. */
async function expectInForce(running: Running, timeZone: string): Promise<void> {
  const ingest = await running.ingest(timeZone)
  await running.aggregate()
  await ingest.settled()
  waitsLonger()
  expect(await running.inForce()).toBe(timeZone)
  await running.stop()
}

test('changed together with a rebuild, the configuration is in force', async () => {
  const folder = await used('rebuild-', 'UTC')
  for (const name of await storeFiles(folder)) await rm(join(folder, name))
  const running = await open(folder)
  await expectInForce(running, 'Asia/Shanghai')
})

test('changed twice while nothing folds, the configuration of the last file is in force', async () => {
  const folder = await used('twice-', 'UTC')
  const first = await open(folder)
  await first.ingest('Europe/Rome')
  await first.stop()
  const second = await open(folder)
  await expectInForce(second, 'Asia/Shanghai')
})

test('changed while the store is put back to before the last version, the configuration is in force', async () => {
  const folder = await used('restored-', 'UTC')
  const copy = await mkdtemp(join(root, 'copy-'))
  for (const name of await storeFiles(folder)) await cp(join(folder, name), join(copy, name))
  const between = await open(folder)
  await between.aggregate()
  await (await between.ingest('Europe/Rome')).settled()
  await between.stop()
  for (const name of await storeFiles(folder)) await rm(join(folder, name))
  for (const name of await storeFiles(copy)) await cp(join(copy, name), join(folder, name))

  const running = await open(folder)
  await expectInForce(running, 'Asia/Shanghai')
})

test('two processes with different files: one of them is in force, and the other says so, once', async () => {
  const running = await open(await mkdtemp(join(root, 'different-')))
  const [rome, shanghai] = [
    await running.ingest('Europe/Rome'),
    await running.ingest('Asia/Shanghai'),
  ]
  await running.aggregate()
  for (let round = 0; round < 3; round += 1) {
    await rome.settled()
    await shanghai.settled()
  }
  expect([...rome.replaced, ...shanghai.replaced]).toHaveLength(1)
  waitsLonger()
  const inForce = await running.inForce()
  expect(inForce).toBe(rome.replaced.length === 0 ? 'Europe/Rome' : 'Asia/Shanghai')
  await running.stop()
})
