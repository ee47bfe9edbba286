import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { embeddedStateStore } from '../embedded/state-store.ts'
import type { BatchHandler, LogBatch } from '../event-log.ts'
import type { StateStore } from '../state-store.ts'
import { storedSum as sumIn, TestLog } from './processor.test-support.ts'

let folder: string
let store: StateStore
let log: TestLog

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-processor-'))
  store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  log = new TestLog()
})

afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const handlerOf = async (): Promise<BatchHandler> => (await log.start(store)).handle
const batchOf = (...args: Parameters<TestLog['batchOf']>): LogBatch => log.batchOf(...args)
const storedSum = (): Promise<number> => sumIn(store)

test.each([
  { length: 'as long', end: 5, next: 5 },
  { length: 'longer', end: 9, next: 5 },
])(
  'another log, $length as what is folded, is refused by name, whoever takes the partition',
  async ({ end, next }) => {
    await (
      await handlerOf()
    )(batchOf(0, 5))
    log.text = 'another log'
    log.end = end
    const refused = {
      code: 'STORE_OTHER_LOG',
      message: expect.stringContaining('partition 0 of t has another record at offset 4') as string,
    }
    await expect((await handlerOf())(batchOf(Math.min(next, end - 1), end))).rejects.toMatchObject(
      refused,
    )
    expect(await storedSum()).toBe(10)
  },
)

test('another log that comes while the worker goes on is refused as its batch begins before what is folded', async () => {
  const handle = await handlerOf()
  await handle(batchOf(0, 5))
  log.text = 'another log'
  await expect(handle(batchOf(0, 9))).rejects.toMatchObject({ code: 'STORE_OTHER_LOG' })
  expect(await storedSum()).toBe(10)
})

test('the same log goes on, over restarts, also where the last folded record is gone from it', async () => {
  await (
    await handlerOf()
  )(batchOf(0, 5))
  expect(await (await handlerOf())(batchOf(5, 6))).toBe(6)
  log.retainedFrom = 6
  expect(await (await handlerOf())(batchOf(6, 7))).toBe(7)
  expect(await storedSum()).toBe(21)
})

test('a log that does not answer is asked again before anything is folded', async () => {
  await (
    await handlerOf()
  )(batchOf(0, 5))
  log.isAway = true
  const handle = await handlerOf()
  expect(await handle(batchOf(5, 6, () => (log.isAway = log.told.length < 5) || true))).toBe(6)
  expect(log.told.slice(3)).toEqual([
    'waiting: LOG_UNAVAILABLE',
    'waiting: LOG_UNAVAILABLE',
    'committed 1 to 6',
  ])
})

test('a log that cannot be asked whether records are gone has lost none: they are sought again', async () => {
  const handle = await handlerOf()
  log.retainedFrom = 3
  log.isAway = true
  for (const _ of [1, 2, 3]) expect(await handle(batchOf(3, 4))).toBe(0)
  log.isAway = false
  expect(await handle(batchOf(3, 4))).toBe(4)
  expect(log.told).toEqual(['gap 0–3', 'committed 1 to 4'])
})

test('a log that cannot be asked whether it is another one is taken for the same until it answers', async () => {
  const handle = await handlerOf()
  await handle(batchOf(0, 5))
  log.isAway = true
  expect(await handle(batchOf(0, 3))).toBe(5)
  expect(await handle(batchOf(3, 6))).toBe(6)
  log.isAway = false
  log.end = 3
  await expect(handle(batchOf(0, 3))).rejects.toMatchObject({ code: 'STORE_AHEAD' })
})

test.each<{ question: string; begins: number; ends: number; times: number }>([
  { question: 'whether records are gone', begins: 8, ends: 9, times: 2 },
  { question: 'whether it ends before what is folded', begins: 0, ends: 3, times: 1 },
  { question: 'whether it holds another record', begins: 3, ends: 6, times: 1 },
])('a log that fails as it is asked $question, by a bug, ends the consumption', async (asked) => {
  const handle = await handlerOf()
  await handle(batchOf(0, 5))
  log.hasBug = true
  const asking = async (): Promise<void> => {
    for (let at = 0; at < asked.times; at++) await handle(batchOf(asked.begins, asked.ends))
  }
  await expect(asking()).rejects.toThrow('a bug')
  expect(await storedSum()).toBe(10)
})
