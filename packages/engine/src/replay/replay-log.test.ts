import type { EpochMs } from '@deskpulse/core/time'
import {
  decodeFrame,
  encodeFrame,
  type LogRecord,
  type Offset,
  type PartitionId,
} from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { asks, at, isIn, logOf } from '../testing/alert-log.ts'
import { recordOf } from '../testing/fold-log.ts'
import { endOf, type LogPart, offsetAt } from './log-pages.ts'
import { OwnRecords } from './own-records.ts'
import { type ReplayBounds, replayLog } from './replay-log.ts'
import { TenantReplay } from './tenant-replay.ts'

const partOf = (records: readonly LogRecord[], endOffset = records.length): LogPart => ({
  log: {
    read: async (_topic, _partition, from, limit) =>
      records.filter(({ offset }) => offset >= from).slice(0, limit),
  },
  ...{ topic: 'log', partition: 0 as PartitionId, endOffset: endOffset as Offset },
})

/** Ten seconds with an entry each, and ten without. */
const log = logOf(
  ...Array.from({ length: 20 }, (_, n) =>
    n % 2 === 0 ? ([n, asks(n, `c-${n}`)] as const) : ([n] as const),
  ),
)

async function replayed(bounds: ReplayBounds, part = partOf(log)) {
  const replay = new TenantReplay()
  const from = 0 as Offset
  return { replay, ...(await replayLog(replay, new OwnRecords('acme'), { part, from }, bounds)) }
}

describe('it ends', () => {
  test('with the part', async () => {
    const { replay, ...ended } = await replayed({}, partOf(log, 11))
    expect(ended).toEqual({ end: 'all', entries: 6, offset: 11 })
    expect(replay.nowMs).toBe(at(10))
  })

  test('before the first record at or after an instant', async () => {
    const { replay, ...ended } = await replayed({ toMs: at(6) })
    expect(ended).toEqual({ end: 'all', entries: 3, offset: 6 })
    expect(replay.nowMs).toBe(at(5))
  })

  test('with the record that has the last entry that is allowed', async () => {
    const { replay, ...ended } = await replayed({ entriesMax: 3 })
    expect(ended).toEqual({ end: 'entries', entries: 3, offset: 5 })
    expect(replay.nowMs).toBe(at(4))
  })

  test('when it is said to be over, with the record at which it was asked', async () => {
    let asked = 0
    const { replay, ...ended } = await replayed({ isOver: () => (asked += 1) > 7 })
    expect(ended).toEqual({ end: 'over', entries: 4, offset: 8 })
    expect(replay.nowMs).toBe(at(7))
  })
})

test('it tells how far it is, at last all', async () => {
  const told: unknown[] = []
  await replayed({ progress: (progress) => told.push(progress) })
  expect(told.at(-1)).toEqual({ entries: 10, offset: 20 })
})

test('a part of the log is found by the append time of its first record', async () => {
  expect(await offsetAt(partOf(log), at(7))).toBe(7)
  expect(await offsetAt(partOf(log), (at(7) + 1) as EpochMs)).toBe(8)
  expect(await offsetAt(partOf(log), at(100))).toBe(20)
})

test.each(Array.from({ length: 12 }, (_, length) => ({ length })))(
  'the end of a log of $length records is found, also where the first ones are gone',
  async ({ length }) => {
    const records = log.slice(0, length)
    expect(await endOf(partOf(records), 0 as Offset)).toBe(length)
    const kept = records.slice(3)
    expect(await endOf(partOf(kept), 3 as Offset)).toBe(Math.max(3, length))
  },
)

describe('of a record', () => {
  const mixed = recordOf(0, at(5), [
    asks(5, 'c'),
    { ...asks(5, 'o'), tenant: 'other' },
    isIn(5, 'a', 'break'),
  ])
  const tenantsOf = ({ value }: LogRecord): string[] =>
    decodeFrame(value!).entries.map((entry) => entry.tenant)

  test('the entries of the tenant are left, with the sender as it was', () => {
    const { record, entries, nowMs } = new OwnRecords('acme').next(mixed)
    expect([entries, nowMs, tenantsOf(record)]).toEqual([2, at(5), ['acme', 'acme']])
    const frames = [record, mixed].map(({ value }) => decodeFrame(value!))
    expect({ ...frames[0], entries: [] }).toEqual({ ...frames[1], entries: [] })
  })

  test('those that are not asked for go, too', () => {
    expect(new OwnRecords('acme', () => false).next(mixed).entries).toBe(0)
  })

  test('time passes with one that cannot be read', () => {
    const own = new OwnRecords('acme')
    const broken = { ...mixed, value: Buffer.from('no frame') }
    expect(own.next(broken)).toEqual({ record: broken, entries: 0, nowMs: at(5) })
  })

  test('log time is judged by the clocks of all records before, also of others', () => {
    const own = new OwnRecords('acme')
    const beat = (second: number, offMs: number) =>
      own.next({
        ...mixed,
        appendedAtMs: (at(second) + offMs) as EpochMs,
        value: encodeFrame({
          ...{ sender: 'i', backlogMs: 0, entries: [] },
          clock: {
            name: 'b',
            wallMs: (at(second) + offMs) as EpochMs,
            monotonicMs: second * 1_000,
          },
        }),
      }).nowMs
    expect([beat(0, 0), beat(1, 600_000), beat(2, 0)]).toEqual([at(0), at(1), at(2)])
  })
})
