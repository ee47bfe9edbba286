import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeClockProblem } from '@deskpulse/contract'
import type { AlertRule } from '@deskpulse/core/alerts'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { logClockKey } from '@deskpulse/core/state'
import { type ClockProblem, type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import {
  asks,
  at,
  configProposals,
  contactRule,
  dimensionRule,
  isIn,
  opened,
  proposals,
  sourceRule,
  told,
} from '../testing/alert-log.ts'
import {
  eventEntry,
  foldLog,
  lettersOf,
  openOf,
  recordOfEntries,
  transitionsOf,
} from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import type { ClockChange } from './partition-folder.ts'

/** Second of the right time, what the clock of the machine is off by in ms, and what is appended then. */
type Moment = readonly [second: number, offMs: number, ...entries: Entry[]]

/** The log of one machine, with a heartbeat each second in between. */
function machine(...moments: readonly Moment[]): LogRecord[] {
  const said = new Map(moments.map(([second, , ...entries]) => [second, entries]))
  const first = moments[0]![0]
  const last = moments.at(-1)![0]
  return Array.from({ length: last - first + 1 }, (_, beat) => {
    const second = first + beat
    const offMs = moments.findLast(([from]) => from <= second)![1]
    const wallMs = (at(second) + offMs) as EpochMs
    const clock = { name: 'boot', wallMs, monotonicMs: 1_000 * (second + 10) }
    return recordOfEntries(beat, wallMs, said.get(second) ?? [], clock)
  })
}

const entries = (...events: readonly Parameters<typeof eventEntry>[0][]): Entry[] =>
  events.map(eventEntry)
const writes = (second: number, contactId: string): Entry[] =>
  entries(opened(second, contactId), asks(second, contactId))
const rules = (...own: readonly AlertRule[]): Entry => proposals()(...own)
const waiting = rules(contactRule('waiting'), sourceRule('silent', { limitMs: 600_000 }))

async function toldOf(log: readonly LogRecord[]): Promise<string[]> {
  return transitionsOf(await foldLog(log, { batchSizes: [3] })).map(told)
}

test('a clock that was ahead for a moment makes nothing late, and no source silent', async () => {
  const log = machine(
    [0, 0, waiting],
    [5, 0, ...writes(5, 'c-1')],
    [6, 10 * minuteMs],
    [8, 0],
    [9, 0, ...writes(9, 'c-2')],
    [60, 0],
  )
  expect(await toldOf(log)).toEqual([
    'waiting contact/c-1 #1 firing 5–35– found 35',
    'waiting contact/c-2 #1 firing 9–39– found 39',
  ])
})

test('a machine that slept for hours: what passed its deadline by the leap of log time is told, and no source was silent', async () => {
  const sleptMs = 3 * hourMs
  const log = machine([0, 0, waiting], [5, 0, ...writes(5, 'c-1')], [10, sleptMs], [60, sleptMs])
  expect(await toldOf(log)).toEqual([`waiting contact/c-1 #1 firing 5–35– found 35`])
  const later = machine(
    [0, 0, waiting],
    [39, 0, ...writes(39, 'c-1')],
    [40, sleptMs],
    [80, sleptMs],
  )
  expect(await toldOf(later)).toEqual([`waiting contact/c-1 #1 firing 39–69– found 69`])
})

test('a deadline that log time leapt over is not late, however far it leapt', async () => {
  const longer = rules(contactRule('waiting', { limitMs: 10 * minuteMs }))
  const log = machine(
    [0, 0, longer],
    [5, 0, ...writes(5, 'c-1')],
    [10, 3 * hourMs],
    [60, 3 * hourMs],
  )
  expect(await toldOf(log)).toEqual([
    `waiting contact/c-1 #1 firing 5–605– found ${3 * 3_600 + 40}`,
  ])
})

test('nor is one of a dimension that was full before it', async () => {
  const longer = rules(dimensionRule('full', { limitMs: 10 * minuteMs }))
  const limited = configProposals()({ ...defaultTenantConfig, sliceValuesMax: 1 })
  const full = entries(opened(5, 'c-1', { queue: 'a' }), opened(5, 'c-2', { queue: 'b' }))
  const log = machine([0, 0, longer, limited], [5, 0, ...full], [10, 3 * hourMs], [60, 3 * hourMs])
  expect(await toldOf(log)).toContain(
    `full dimension/queue #1 firing 5–605– found ${3 * 3_600 + 40}`,
  )
})

test('a clock that was put back makes nothing late, and nobody silent, while log time stands', async () => {
  const log = machine(
    [0, hourMs, waiting],
    [5, hourMs, ...entries(isIn(3_605, 'a-1', 'available'))],
    [10, 0],
    [60, 0, ...writes(60, 'c-1')],
    [700, 0],
  )
  // Log time is ahead, so that the deadline has passed at once: told too early, not never.
  expect(await toldOf(log)).toEqual([`waiting contact/c-1 #1 firing 60–90– found ${3_600 + 39}`])
})

test('what happened long before it was appended is late, whether or not log time is ahead', async () => {
  const log = machine([0, hourMs, waiting], [10, 0], [600, 0, ...writes(60, 'c-1')], [700, 0])
  expect(await toldOf(log)).toEqual([
    `waiting contact/c-1 #1 firing late 60–90– found ${3_600 + 39}`,
  ])
})

test.each([hourMs, -hourMs])(
  'an append time that is off by %i ms makes no live event an old one, or one of the future',
  async (offMs) => {
    const off = (record: LogRecord): LogRecord => ({
      ...record,
      appendedAtMs: (record.appendedAtMs + offMs) as EpochMs,
    })
    const log = machine(
      [0, 0, rules(sourceRule('silent'))],
      [10, 0, ...writes(10, 'c-1')],
      [300, 0],
    )
    const store = await foldLog(log.map((record, beat) => (beat === 0 ? record : off(record))))
    expect(lettersOf(store)).toEqual([])
    expect(transitionsOf(store).map(told)).toContain(
      'silent source//chat #1 firing 10–70– found 70',
    )
  },
)

test('while a jump is judged, events of the time after it are counted', async () => {
  const log = machine(
    [0, 0],
    [10, 3 * hourMs],
    [20, 3 * hourMs, ...writes(20 + 10_800, 'c-1')],
    [50, 3 * hourMs],
  )
  const store = await foldLog(log)
  expect(lettersOf(store)).toEqual([])
  expect(Object.keys(openOf(store, 'acme'))).toContain('all reply.live')
})

test('what is wrong stands in a record that changes only when it changes, and is told of', async () => {
  const changes: ClockChange[] = []
  let writesOfIt = 0
  const log = machine([0, 0], [10, 2 * hourMs], [50, 0], [100, 0])
  const store = await foldLog(log, {
    batchSizes: [4],
    clock: (change) => changes.push(change),
    folded: ({ change: { puts } }) =>
      (writesOfIt += puts.filter(({ key }) => key === logClockKey).length),
  })
  const of = (problem: ClockProblem | null): string =>
    problem === null ? '-' : `${problem.kind} ${problem.byMs / 1_000}`
  expect(
    changes.map(
      ({ before, after, leaptMs }) =>
        `${of(before)} → ${of(after)}${leaptMs > 0 ? `, leapt ${leaptMs / 1_000}` : ''}`,
    ),
  ).toEqual([
    '- → jump 7200',
    'jump 7200 → -, leapt 7200',
    '- → jump -7200',
    'jump -7200 → ahead 7199',
  ])
  expect(writesOfIt).toBe(4)
  expect(decodeClockProblem(store.records.get(logClockKey)!)).toMatchObject({
    kind: 'ahead',
    byMs: 2 * hourMs - 1_000,
  })
})

test('a new owner tells what is wrong at its first fold', async () => {
  const changes: ClockChange[] = []
  const log = machine([0, 0], [10, 2 * hourMs], [30, 2 * hourMs])
  await foldLog(log, {
    batchSizes: [15],
    restartAt: new Set([1]),
    clock: (change) => changes.push(change),
  })
  expect(changes.map(({ before, after }) => [before?.kind, after?.kind])).toEqual([
    [undefined, 'jump'],
    [undefined, 'jump'],
  ])
})

test('whatever the clocks do, batches and restarts change nothing', async () => {
  const jumps = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: -2 * hourMs, max: 2 * hourMs })),
    { maxLength: 6 },
  )
  await fc.assert(
    fc.asyncProperty(
      jumps,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      fc.nat({ max: 6 }),
      async (drawn, batchSizes, restart) => {
        let second = 40
        const moments: Moment[] = drawn.map(([gap, offMs], index) => [
          (second += gap),
          offMs,
          ...writes(second, `c-${index}`),
        ])
        const log = machine([0, 0, waiting], [1, 0, ...writes(1, 'c')], ...moments, [
          second + 45,
          0,
        ])
        const whole = await foldLog(log)
        const cut = await foldLog(log, { batchSizes, restartAt: new Set([restart]), wakesMax: 2 })
        expect(transitionsOf(cut)).toEqual(transitionsOf(whole))
        expect(measuresOf(cut, 'acme')).toEqual(measuresOf(whole, 'acme'))
        expect(openOf(cut, 'acme')).toEqual(openOf(whole, 'acme'))
        expect([cut.logTimeMs, cut.records.get('senders')]).toEqual([
          whole.logTimeMs,
          whole.records.get('senders'),
        ])
      },
    ),
    { numRuns: 40 },
  )
})
