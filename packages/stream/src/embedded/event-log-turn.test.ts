import { mkdtempSync, rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EventLog, LogBatch, Offset, PartitionId } from '../event-log.ts'
import { embeddedEventLog } from './event-log.ts'
import { paceMs } from './event-log-turn.ts'

let folder: string
let log: EventLog
let nowMs = 0
const calls: { readonly atMs: number; readonly partition: number; readonly records: number }[] = []

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-pace-'))
  log = embeddedEventLog({ file: join(folder, 'log.sqlite') })
  await log.ensureTopics([{ name: 't', partitions: 2, settings: {} }])
  nowMs = 0
  calls.length = 0
})
afterEach(async () => {
  await log.close()
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

async function handle({ partition, records }: LogBatch): Promise<Offset> {
  calls.push({ atMs: nowMs, partition, records: records.length })
  return (records.at(-1)!.offset + 1) as Offset
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed++) {
    nowMs += 1
    await vi.advanceTimersByTimeAsync(1)
    await nextTurn()
  }
}

const append = (bytes = 10) =>
  Promise.all(
    [0, 1].map((partition) =>
      log.append('t', partition as PartitionId, [{ key: null, value: Buffer.alloc(bytes) }]),
    ),
  )

test('little waits: one batch of each partition a pace, of all partitions at one moment; after silence at once', async () => {
  const consumption = await log.consume({ topic: 't', group: 'g', handle })
  await pass(3 * paceMs)
  for (let n = 0; n < 100; n++) {
    await append()
    await pass(2)
  }
  await pass(2 * paceMs)
  const [one = [], other = []] = [0, 1].map((id) =>
    calls.filter(({ partition }) => partition === id).map(({ atMs }) => atMs),
  )
  expect(one[0]).toBeLessThanOrEqual(3 * paceMs + 2)
  expect(one).toEqual(other)
  const apartMs = one.slice(1).map((atMs, index) => atMs - one[index]!)
  expect(Math.min(...apartMs)).toBeGreaterThanOrEqual(paceMs)
  expect(Math.max(...apartMs)).toBeLessThanOrEqual(paceMs + 4)
  expect(calls.reduce((sum, { records }) => sum + records, 0)).toBe(200)
  const stopping = consumption.stop()
  await pass(1)
  await stopping
})

test('much waits: the next batch follows at once', async () => {
  for (let n = 0; n < 40; n++) await append(64 * 1024)
  const consumption = await log.consume({ topic: 't', group: 'g', handle })
  for (let turn = 0; turn < 100; turn++) await nextTurn()
  expect(calls.reduce((sum, { records }) => sum + records, 0)).toBe(80)
  const stopping = consumption.stop()
  await pass(1)
  await stopping
})
