import type { FoundGap } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { GroupPosition, LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { rawGaps } from './gaps.ts'

const record = (offset: number): LogRecord => ({
  ...{
    offset: offset as Offset,
    appendedAtMs: (1_000 + offset) as EpochMs,
    key: null,
    value: null,
    headers: {},
  },
})
const position = (offset: number, consumedMs: number | null): GroupPosition => ({
  offset: offset as Offset,
  consumedMs: consumedMs as EpochMs,
})

/** A raw topic of one partition: where the group stands in it, and what it still has. */
function world(at: { consumed: GroupPosition | null; retained: number; end?: number }) {
  const lost: FoundGap[] = []
  const replaced: (readonly [partition: number, from: Offset])[] = []
  const asked: string[] = []
  const gaps = rawGaps({
    log: {
      consumed: async () => (asked.push('consumed'), [at.consumed]),
      retained: async () => [at.retained as Offset],
      read: async (_topic, _partition, from) => (from < (at.end ?? 1_000) ? [record(from)] : []),
    },
    topic: 'raw',
    nowMs: () => 5_000,
    lost: async (gap) => void lost.push(gap),
    replaced: (...what) => void replaced.push(what),
  })
  const goOnAt = (first: number): number | null =>
    gaps.goOnAt({ partition: 0 as PartitionId, records: [record(first)] })
  const met = (first: number): Promise<void> =>
    gaps.met({ partition: 0 as PartitionId, records: [record(first)] })
  const forwarded = (next: number): void =>
    gaps.forwarded(0, next as Offset, (1_000 + next - 1) as EpochMs)
  return { at, gaps, lost, replaced, asked, met, goOnAt, forwarded }
}

describe('before the group reads on', () => {
  test.each([
    {
      rule: 'nothing is gone where the log still has what comes next',
      consumed: position(50, 1_049),
      retained: 50,
      lost: [],
    },
    {
      rule: 'a group that has consumed nothing yet has lost nothing',
      consumed: null,
      retained: 50,
      lost: [],
    },
    {
      rule: 'what lies between the group and what is left is gone, since what it consumed last',
      consumed: position(50, 1_049),
      retained: 120,
      lost: [{ topic: 'raw', partition: 0, from: 50, to: 120, sinceMs: 1_049, untilMs: 1_120 }],
    },
    {
      rule: 'since nobody knows when, where that is not known',
      consumed: position(50, null),
      retained: 120,
      lost: [{ topic: 'raw', partition: 0, from: 50, to: 120, sinceMs: 0, untilMs: 1_120 }],
    },
    {
      rule: 'and up to now where nothing is left',
      consumed: position(50, 1_049),
      retained: 1_000,
      lost: [{ topic: 'raw', partition: 0, from: 50, to: 1_000, sinceMs: 1_049, untilMs: 5_000 }],
    },
  ])('$rule', async ({ consumed, retained, lost }) => {
    const it = world({ consumed, retained })
    await it.gaps.look()
    expect(it.lost).toEqual(lost)
  })
})

describe('a topic that was made again', () => {
  test('holds another record in the place of the last consumed one: it is forwarded from its first record', async () => {
    const it = world({ consumed: position(50, 999), retained: 0 })
    await it.gaps.look()
    expect([it.replaced, it.lost]).toEqual([[[0, 0]], []])
    expect([it.goOnAt(50), it.goOnAt(0), it.goOnAt(50)]).toEqual([0, null, null])
  })

  test('that the group is at the first record of needs no other place', async () => {
    const it = world({ consumed: position(50, 999), retained: 0 })
    await it.gaps.look()
    expect(it.goOnAt(0)).toBeNull()
  })

  test.each([
    { rule: 'the same record is there', consumed: position(50, 1_049), retained: 0 },
    { rule: 'nobody knows what was consumed', consumed: position(50, null), retained: 0 },
    { rule: 'that record is no longer there', consumed: position(50, 999), retained: 50 },
    { rule: 'nothing is there', consumed: position(50, 999), retained: 0, end: 10 },
  ])('is not thought of where $rule', async ({ rule: _, ...at }) => {
    const it = world(at)
    await it.gaps.look()
    expect([it.replaced, it.goOnAt(50)]).toEqual([[], null])
  })
})

describe('while batches come', () => {
  test('a batch behind what was forwarded costs no question', async () => {
    const it = world({ consumed: null, retained: 0 })
    await it.met(10)
    it.forwarded(20)
    await it.met(20)
    await it.met(15)
    expect([it.asked, it.lost]).toEqual([[], []])
  })

  test('what retention took meanwhile is gone: the group was put behind it already', async () => {
    const it = world({ consumed: null, retained: 60 })
    it.forwarded(20)
    await it.met(60)
    expect(it.lost).toEqual([
      { topic: 'raw', partition: 0, from: 20, to: 60, sinceMs: 1_019, untilMs: 1_060 },
    ])
  })

  test('offsets that are no records are there still: nothing is gone', async () => {
    const it = world({ consumed: position(20, 1_019), retained: 0 })
    it.forwarded(20)
    await it.met(21)
    expect(it.lost).toEqual([])
  })

  test('what another member forwarded is not gone; what it left, and the log no longer has, is', async () => {
    const it = world({ consumed: position(40, 1_039), retained: 0 })
    it.forwarded(20)
    await it.met(40)
    expect(it.lost).toEqual([])
    it.at.retained = 60
    await it.met(60)
    expect(it.lost).toEqual([
      { topic: 'raw', partition: 0, from: 40, to: 60, sinceMs: 1_039, untilMs: 1_060 },
    ])
  })
})
