import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import {
  decodeOpen,
  isRosterRow,
  journalKey,
  openKey,
  ownIdSubject,
  stateKey,
} from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { foldLog, lettersOf, recordOf, type FoldOptions } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'
import { ownIdEventsMax } from './own-id-cell.ts'

const tenant = 'acme'
const startMs = Date.UTC(2026, 2, 2)
const at = (day: number, hour = 0): EpochMs => (startMs + day * dayMs + hour * hourMs) as EpochMs
const iso = (atMs: number): string => new Date(atMs).toISOString()

let events = 0
const event = (
  timeMs: EpochMs,
  type: EventType,
  data: EventData,
  id = `e-${(events += 1)}`,
): CanonicalEvent => {
  return { type, id, source: '/crm', timeMs, sequence: '0', tenant, data }
}
const filed = (timeMs: EpochMs, more: EventData = {}) =>
  event(timeMs, 'complaint.filed', { complaintId: 'x', ...more })
const settled = (timeMs: EpochMs, more: EventData = {}) =>
  event(timeMs, 'complaint.settled', { complaintId: 'x', ...more })
const planned = (timeMs: EpochMs, dueMs?: EpochMs) =>
  event(timeMs, 'followup.planned', {
    followupId: 'f',
    customerId: 'u',
    ...(dueMs === undefined ? {} : { dueAt: iso(dueMs) }),
  })
const done = (timeMs: EpochMs) =>
  event(timeMs, 'followup.done', { followupId: 'f', customerId: 'u' })

type Step = readonly [logTimeMs: number, ...events: CanonicalEvent[]]
const logOf = (...records: readonly Step[]): LogRecord[] =>
  records.map(([logTimeMs, ...held], offset) => recordOf(offset, logTimeMs as EpochMs, held))

const refusalsOf = (store: MemoryStore) => lettersOf(store).map(({ headers }) => headers?.['code'])

/** Cut, woken and taken over in several ways: all of them come to the same. */
async function folded(log: readonly LogRecord[]): Promise<MemoryStore> {
  const ways: FoldOptions[] = [
    { batchSizes: [1] },
    { batchSizes: [log.length] },
    { batchSizes: [1], restartAt: new Set(Array.from({ length: 400 }, (_, fold) => fold)) },
    { batchSizes: [log.length], wakesMax: 1 },
  ]
  const [first, ...others] = await Promise.all(ways.map((way) => foldLog(log, way)))
  for (const other of others) expect(resultOf(other)).toEqual(resultOf(first!))
  return first!
}

const resultOf = (store: MemoryStore) => ({
  measures: measuresOf(store, tenant),
  refusals: refusalsOf(store),
  wakes: new Map([...store.wakes].filter(([subject]) => subject.startsWith('o/'))),
})

/** Of a family in `all`, by day: cells that are not 0. */
const onDays = (store: MemoryStore, family: string): Record<string, Record<string, number>> =>
  Object.fromEntries(
    Object.entries(measuresOf(store, tenant)).flatMap(([name, cells]) => {
      const [slice, resolution, start, its] = name.split(' ')
      return slice === 'all' && resolution === 'day' && its === family
        ? [[String((Number(start) - startMs) / dayMs), cells] as const]
        : []
    }),
  )
/** How many days have something of the family. */
const countOn = (store: MemoryStore, family: string): number =>
  Object.keys(onDays(store, family)).length

describe('a subject with an id of its own', () => {
  test('counts once, whatever comes again or late, and leaves nothing when its only event belongs elsewhere', async () => {
    const first = filed(at(0, 9), { agentId: 'a-1' })
    const store = await folded(
      logOf(
        [at(0, 10), first, first],
        [at(1, 10), settled(at(1, 9), { justified: true })],
        [at(2), filed(at(0, 8))],
      ),
    )
    expect(measuresOf(store, tenant)).toMatchObject({
      [`agent=a-1 day ${at(0)} complaints`]: { [1 * 4_096]: 1 },
    })
    expect(refusalsOf(store)).toEqual([])

    const elsewhere = { ...event(at(0, 7), 'complaint.filed', { complaintId: 'y' }), id: first.id }
    const moved = await folded(logOf([at(0, 10), first], [at(0, 11), elsewhere]))
    expect(refusalsOf(moved)).toEqual(['id-conflict'])
    const gone = ownIdSubject(tenant, 'complaint', 'x')
    expect([stateKey(gone), journalKey(gone)].filter((key) => moved.records.has(key))).toEqual([])
    expect(moved.wakes.has(gone)).toBe(false)
  })

  test('of one identity it holds the earlier event, and goes on from that alone', async () => {
    const second = filed(at(2, 9), { agentId: 'a-2' })
    const first = { ...filed(at(1, 9), { agentId: 'a-1' }), id: second.id }
    const store = await folded(
      logOf([at(2, 10), second], [at(2, 11), first], [at(2, 12), settled(at(2, 11))]),
    )
    expect(refusalsOf(store)).toEqual(['id-conflict'])
    const days = onDays(store, 'complaints')
    expect(days).toMatchObject({ 1: { [1 * 4_096]: 1 }, 2: { [3 * 4_096 + 1]: 26 * hourMs } })
    expect(days[2]).not.toHaveProperty(String(1 * 4_096))
    const measures = measuresOf(store, tenant)
    expect(measures).toHaveProperty([`agent=a-1 day ${at(2)} complaints`])
    expect(measures).not.toHaveProperty([`agent=a-2 day ${at(2)} complaints`])
  })

  test('an event that belongs elsewhere is taken out of what it holds, for good', async () => {
    const elsewhere = event(at(0, 9), 'complaint.filed', { complaintId: 'y' })
    const moving = { ...filed(at(0, 10), { agentId: 'a-3' }), id: elsewhere.id }
    const stays = filed(at(1, 9), { agentId: 'a-1' })
    const store = await folded(
      logOf([at(2), moving, stays], [at(2, 1), elsewhere], [at(2, 12), settled(at(2, 11))]),
    )
    expect(refusalsOf(store)).toEqual(['id-conflict'])
    expect(onDays(store, 'complaints')).toMatchObject({
      ...{ 0: { [1 * 4_096]: 1 }, 1: { [1 * 4_096]: 1 } },
      2: { [3 * 4_096 + 1]: 26 * hourMs },
    })
    expect(measuresOf(store, tenant)).not.toHaveProperty([`agent=a-3 day ${at(2)} complaints`])
  })

  test.each([
    {
      rule: 'takes in what comes within 35 days after the day of its last entry',
      day: 37,
      hour: -1,
      refused: [],
    },
    {
      rule: 'takes in nothing from then on, and keeps what it told',
      day: 37,
      hour: 0,
      refused: ['expired'],
    },
  ])('$rule', async ({ day, hour, refused }) => {
    const late = settled(at(1, 2), { justified: true })
    for (const between of [[], [[at(day, hour) - 1]]] as const) {
      const store = await folded(logOf([at(1), filed(at(0, 9))], ...between, [at(day, hour), late]))
      expect(refusalsOf(store)).toEqual(refused)
      expect(countOn(store, 'complaints')).toBe(refused.length === 0 ? 2 : 1)
    }
  })

  test('takes so many events, and those that it has again', async () => {
    const all = Array.from({ length: ownIdEventsMax + 1 }, (_, n) =>
      filed((at(0, 9) + n) as EpochMs),
    )
    const store = await folded(logOf([at(0, 10), ...all, all[0]!]))
    expect(refusalsOf(store)).toEqual(['timeline-full'])
  })
})

describe('a follow-up', () => {
  test.each([
    {
      rule: 'is not told before it is due',
      log: [[at(1), planned(at(0, 9), at(3, 12))]],
      until: at(3, 12) - 1,
      is: {},
    },
    {
      rule: 'is told when it is due',
      log: [[at(1), planned(at(0, 9), at(3, 12))]],
      until: at(3, 12),
      is: { '3': { 4096: 1 } },
    },
    {
      rule: 'is done where it was due, also when it is done later',
      log: [
        [at(1), planned(at(0, 9), at(3, 12))],
        [at(9), done(at(8))],
      ],
      until: at(10),
      is: { '3': { 4096: 1, 8192: 1 } },
    },
    {
      rule: 'without a date is due at once',
      log: [[at(1), planned(at(0, 9))]],
      until: at(1),
      is: { '0': { 4096: 1 } },
    },
    { rule: 'that nobody planned is none', log: [[at(1), done(at(0, 9))]], until: at(9), is: {} },
  ] satisfies { rule: string; log: Step[]; until: number; is: object }[])(
    '$rule',
    async ({ log, until, is }) => {
      expect(onDays(await folded(logOf(...log, [until])), 'follow-ups')).toEqual(is)
    },
  )

  test('that is due after months is kept until that day is over, and 35 days more', async () => {
    const dueMs = at(100)
    const log = (doneMs: number) =>
      logOf([at(1), planned(at(0, 9), dueMs)], [at(60)], [doneMs, done(at(99))])
    expect(refusalsOf(await folded(log(at(136) - 1)))).toEqual([])
    expect(refusalsOf(await folded(log(at(136))))).toEqual(['expired'])
  })
})

describe('a roster', () => {
  const rostered = (timeMs: EpochMs, from: string, teams: readonly string[], id?: string) =>
    event(timeMs, 'agent.rostered', { agentId: 'a-1', from, teams }, id)
  const entriesOf = (store: MemoryStore) => {
    const bytes = store.hashes.get(openKey(tenant))?.get('ra-1')
    const row = bytes === undefined ? null : decodeOpen('ra-1', bytes).row
    return row !== null && isRosterRow(row) ? row.entries.map((one) => [one.from, one.teams]) : null
  }

  test('stands open for good, and takes what comes years later', async () => {
    const log = logOf(
      [at(1), rostered(at(0), '2026-03-02', ['x'])],
      [at(1_000)],
      [at(1_001), rostered(at(1_001), '2026-01-01', ['y'])],
      [at(2_000)],
    )
    const store = await folded(log)
    expect(entriesOf(store)).toEqual([
      ['2026-01-01', ['y']],
      ['2026-03-02', ['x']],
    ])
    expect(refusalsOf(store)).toEqual([])
    expect([...store.wakes.keys()].filter((subject) => subject.startsWith('o/'))).toEqual([])
  })

  test('is the same in whatever order it was told', async () => {
    const all = [
      rostered(at(0, 1), '2026-03-02', ['x']),
      rostered(at(0, 2), '2026-03-02', ['y']),
      rostered(at(0, 3), '2026-03-01', ['z']),
    ]
    const inOrder = await folded(logOf([at(1), ...all]))
    const reversed = await folded(logOf(...all.toReversed().map((one): Step => [at(1), one])))
    expect(entriesOf(inOrder)).toEqual([
      ['2026-03-01', ['z']],
      ['2026-03-02', ['y']],
    ])
    expect(entriesOf(reversed)).toEqual(entriesOf(inOrder))
  })
})

describe('a forecast', () => {
  const expected = (timeMs: EpochMs, offered: number, id?: string) => {
    const [start, end] = [iso(at(3, 9)), iso(at(3, 10))]
    return event(timeMs, 'workload.forecast', { queue: 'sales', start, end, offered }, id)
  }
  /** What stands ahead, by what is expected. */
  const aheadIn = (store: MemoryStore): unknown[] =>
    [...(store.hashes.get(openKey(tenant)) ?? [])].map(([field, bytes]) => {
      const { row, intervals } = decodeOpen(field, bytes)
      return [field[0], row, intervals.map(({ kind, sinceMs }) => [kind, sinceMs])]
    })
  const ahead = (offered: number) => [
    'f',
    {
      forecastId: `${iso(at(3, 9))}/${iso(at(3, 10))}/sales`,
      ...{ queue: 'sales', startMs: at(3, 9), endMs: at(3, 10) },
      ...{ offered: offered * 1e6, workMs: null, agentMs: null },
    },
    [['forecast', at(1, 9)]],
  ]

  test.each([
    { rule: 'stands ahead from 48 h before it begins', untilMs: at(1, 9), is: [ahead(60)] },
    { rule: 'and not before', untilMs: at(1, 9) - 1, is: [] },
    { rule: 'until it is over', untilMs: at(3, 10) - 1, is: [ahead(60)] },
    { rule: 'and no longer', untilMs: at(3, 10), is: [] },
  ])('$rule', async ({ untilMs, is }) => {
    const store = await folded(logOf([at(1), expected(at(0, 9), 60)], [untilMs]))
    expect(aheadIn(store)).toEqual(is)
  })

  test('is replaced by a later one of the same interval, ahead and where it has counted', async () => {
    const store = await folded(
      logOf(
        [at(3, 8), expected(at(3, 7), 60)],
        [at(3, 9) + hourMs / 2],
        [at(3, 9) + hourMs / 2 + 1, expected(at(3, 8), 120), expected(at(3, 6), 1)],
      ),
    )
    expect(aheadIn(store)).toEqual([ahead(120)])
    expect(onDays(store, 'workforce')).toEqual({
      3: { [1 * 4_096]: 31 * 2e6, [2 * 4_096]: -31 * 2e6 },
    })
  })

  test('leaves nothing ahead where its only event belongs elsewhere', async () => {
    const first = expected(at(2, 9), 60)
    const elsewhere = { ...filed(at(2, 8)), id: first.id }
    const store = await folded(logOf([at(2, 10), first], [at(2, 11), elsewhere]))
    expect(refusalsOf(store)).toEqual(['id-conflict'])
    expect(aheadIn(store)).toEqual([])
  })
})
