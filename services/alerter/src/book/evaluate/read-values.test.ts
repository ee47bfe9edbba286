import { alwaysInForce, defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf, measures } from '@deskpulse/core/kpis'
import {
  addDuration,
  emptyRecord,
  encodeRecord,
  encodeRunning,
  sliceIndex,
} from '@deskpulse/core/measures'
import { measureKey, runningKey } from '@deskpulse/core/state'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { ChangeCursor, Offset, PartitionId, ReadQuery, Snapshot } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { readValues } from './read-values.ts'

const startMs = Date.parse('2026-03-02T10:07:00.000Z') as EpochMs
const dayStartMs = Date.parse('2026-03-02T00:00:00.000Z') as EpochMs
const inForce = { config: defaultTenantConfig, history: alwaysInForce(defaultTenantConfig) }
const slices = sliceIndex(null)
const slice = slices.intern('all')
const ofReplies = (n: number): Uint8Array => {
  const record = emptyRecord()
  addDuration(record, measures.replyTime, 1_000, n)
  return encodeRecord(record)
}
const records = new Map([
  [measureKey('acme', slice, 'day', dayStartMs), ofReplies(5)],
  ...[0, 1].map(
    (n) =>
      [
        measureKey('acme', slice, 'minute', (startMs + n * minuteMs) as EpochMs),
        ofReplies(10 ** (n + 1)),
      ] as const,
  ),
])
const listOf = (...minutes: readonly number[]) =>
  encodeRunning(minutes.map((n) => ({ startMs: (startMs + n * minuteMs) as EpochMs, dayStartMs })))

/** A store whose reads find these lists of running minutes, the last one from then on. `asked`: how often it was read. */
function storeOf(lists: readonly (Uint8Array | null)[]) {
  let asked = 0
  return {
    asked: () => asked,
    read: (_partition: PartitionId, { keys }: ReadQuery): Promise<Snapshot> => {
      const running = lists[Math.min(asked, lists.length - 1)] ?? null
      asked += 1
      const position = {
        offset: 1 as Offset,
        logTimeMs: (startMs + 90_000) as EpochMs,
        watermarkMs: startMs,
        cursor: '' as ChangeCursor,
      }
      const values = keys.map((key) =>
        key === runningKey('acme') ? running : (records.get(key) ?? null),
      )
      return Promise.resolve({ ...position, values, lists: [], hashes: [], changed: 'lost' })
    },
  }
}

test.each([
  {
    rule: 'is its record alone where no minute runs',
    known: listOf(),
    lists: [listOf()],
    count: 5,
    reads: 1,
  },
  {
    rule: 'has the minutes that run',
    known: listOf(0, 1),
    lists: [listOf(0, 1)],
    count: 115,
    reads: 1,
  },
  {
    rule: 'is planned again where one has begun since',
    known: listOf(0),
    lists: [listOf(0, 1)],
    count: 115,
    reads: 2,
  },
  {
    rule: 'is planned again where one was rolled since',
    known: listOf(0, 1),
    lists: [listOf(1)],
    count: 105,
    reads: 2,
  },
  {
    rule: 'is unknown when they change all the time',
    known: listOf(),
    lists: [listOf(0), listOf(1), listOf(0)],
    count: null,
    reads: 3,
  },
])('a day $rule', async ({ known, lists, count, reads }) => {
  const kpis = [catalogueOf().byId('response_time')!]
  const question = { slice: [], text: 'all', window: 'today', kpis } as const
  const store = storeOf(lists)
  const tenants = [{ tenant: 'acme', ...inForce, slices, running: known, questions: [question] }]
  const read = await readValues(store, 0 as PartitionId, tenants, startMs)
  expect(read?.values[0]![0]!.get('response_time') ?? null).toEqual(
    count === null ? null : expect.objectContaining({ count }),
  )
  expect(store.asked()).toBe(reads)
})

test('what little is asked of several windows and tenants is one read', async () => {
  const kpis = [catalogueOf().byId('response_time')!]
  const questions = (['today', { minutes: 15 }] as const).map((window) => ({
    slice: [],
    text: 'all',
    window,
    kpis,
  }))
  const store = storeOf([listOf()])
  const tenants = ['acme', 'other'].map((tenant) => ({
    tenant,
    ...inForce,
    slices,
    running: listOf(),
    questions,
  }))
  const read = await readValues(store, 0 as PartitionId, tenants, (startMs + 90_000) as EpochMs)
  expect(read?.values.map((of) => of.length)).toEqual([2, 2])
  expect(store.asked()).toBe(1)
})
