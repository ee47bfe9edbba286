import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { type LogPart, pagesFrom } from './log-pages.ts'

const mib = 1024 * 1024

/** A log whose records each weigh so much, from the first one that is kept. `limits`: how many records were asked for, each time. */
function logOf(weights: readonly number[], { first = 0, endOffset = weights.length } = {}) {
  const records = weights.slice(first).map((bytes, place): LogRecord => ({
    ...{ offset: (first + place) as Offset, appendedAtMs: 0 as EpochMs },
    ...{ key: null, value: bytes === 0 ? null : new Uint8Array(bytes), headers: {} },
  }))
  const limits: number[] = []
  const part: LogPart = {
    log: {
      read: async (_topic, _partition, from, limit) => {
        limits.push(limit)
        return records.slice(Math.max(0, from - first)).slice(0, limit)
      },
    },
    ...{ topic: 'log', partition: 0 as PartitionId, endOffset: endOffset as Offset },
  }
  return { part, limits }
}

async function pagesOf(part: LogPart, from = 0): Promise<number[][]> {
  const pages: number[][] = []
  for await (const page of pagesFrom(part, from as Offset))
    pages.push(page.map(({ offset }) => offset))
  return pages
}

const offsets = (from: number, end: number): number[] =>
  Array.from({ length: end - from }, (_, place) => from + place)
const records = (count: number, bytes: number): number[] => Array<number>(count).fill(bytes)

test('pages hold every record up to the end offset, in order', async () => {
  const { part } = logOf(records(250, 1), { endOffset: 220 })
  expect((await pagesOf(part, 7)).flat()).toEqual(offsets(7, 220))
})

test('they begin with the first record that is kept, and end where the log does', async () => {
  const { part } = logOf(records(20, 1), { first: 5, endOffset: 30 })
  expect(await pagesOf(part, 2)).toEqual([offsets(5, 20)])
  expect(await pagesOf(part, 30)).toEqual([])
  expect(await pagesOf(logOf([]).part)).toEqual([])
})

test('of light records a page holds twice as many as the one before, up to 4,000', async () => {
  const { part, limits } = logOf(records(14_300, 0))
  await pagesOf(part)
  expect(limits).toEqual([100, 200, 400, 800, 1_600, 3_200, 4_000, 4_000])
})

test.each([
  { bytes: mib - 1, is: 200, rule: 'is doubled, where a page weighs less than 1 MiB' },
  { bytes: mib, is: 100, rule: 'stays so from there on' },
  { bytes: 4 * mib, is: 100, rule: 'and up to 4 MiB' },
  { bytes: 4 * mib + 1, is: 50, rule: 'is halved, where it weighs more' },
])('how many records a page holds $rule', async ({ bytes, is }) => {
  const { part, limits } = logOf([bytes - 1, 1, ...records(99, 0)])
  await pagesOf(part)
  expect(limits).toEqual([100, is])
})

test('a page has one record at least, however much it weighs', async () => {
  const { part, limits } = logOf(records(198, 5 * mib))
  await pagesOf(part)
  expect(limits).toEqual([100, 50, 25, 12, 6, 3, 1, 1])
})
