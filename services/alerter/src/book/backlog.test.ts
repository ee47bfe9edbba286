import type { AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { backlogSince, isFoundBehind, isOldNews } from './backlog.ts'

const [second, minute] = [1_000, 60_000]
/** A multiple of five minutes. */
const begin = Date.UTC(2026, 2, 2, 10)
const at = (ms: number): EpochMs => (begin + ms) as EpochMs

const transition = (changes: Partial<AlertTransition>): AlertTransition => ({
  ...{
    tenant: 'acme',
    rule: 'waiting',
    subject: 'contact/1',
    number: 1,
    kind: 'deadline',
    severity: 'warning',
    slice: 'all',
  },
  ...{
    kpi: null,
    value: 1,
    limit: 1,
    unit: 'ms',
    labels: {},
    status: 'firing',
    sinceMs: at(0),
    startedMs: at(0),
  },
  ...{ endedMs: null, end: null, detectedMs: at(0), late: false },
  ...changes,
})

test('news is old when it was found more than five minutes ago', () => {
  const news = transition({ detectedMs: at(0) })
  expect([5 * minute, 5 * minute + 1].map((ms) => isOldNews(news, at(ms)))).toEqual([false, true])
})

test.each<{ rule: string; changes: Partial<AlertTransition>; is: boolean }>([
  {
    rule: 'found within five seconds it is live',
    changes: { detectedMs: at(5 * second) },
    is: false,
  },
  {
    rule: 'found later its source is behind',
    changes: { detectedMs: at(5 * second + 1) },
    is: true,
  },
  {
    rule: 'so is that of an agent',
    changes: { detectedMs: at(minute), subject: 'agent/1' },
    is: true,
  },
  {
    rule: 'and of a source',
    changes: { detectedMs: at(minute), subject: 'source//crm' },
    is: true,
  },
  {
    rule: 'a dimension is told by itself',
    changes: { detectedMs: at(minute), subject: 'dimension/queue' },
    is: false,
  },
  {
    rule: 'a value over a window has no deadline',
    changes: { detectedMs: at(minute), kind: 'windowed' },
    is: false,
  },
])('$rule', ({ changes, is }) => {
  expect(isFoundBehind(transition(changes))).toBe(is)
})

const old = transition({ detectedMs: at(-10 * minute) })

test('old news waits until ten seconds have passed without any more of it', () => {
  const backlog = backlogSince(at(0))
  const settled = (takenMs: number, nowMs = takenMs): number =>
    backlog.settledMs(at(takenMs), at(nowMs)) - begin
  expect(settled(0)).toBe(10 * second)
  expect(settled(4 * second)).toBe(14 * second)
  backlog.saw(transition({ detectedMs: at(0) }), at(5 * second))
  expect(settled(4 * second, 5 * second)).toBe(14 * second)
  backlog.saw(old, at(6 * second))
  expect(settled(4 * second, 6 * second)).toBe(16 * second)
  backlog.saw(transition({ detectedMs: at(8 * second), late: true }), at(8 * second))
  expect(settled(4 * second, 8 * second)).toBe(18 * second)
})

test.each([
  { takenMs: 0, settledMs: 5 * minute },
  { takenMs: 1, settledMs: 10 * minute },
  { takenMs: 5 * minute - 1, settledMs: 10 * minute },
  { takenMs: 5 * minute, settledMs: 10 * minute },
])(
  'where more of it never ends, all of it is told together every five minutes: taken in at $takenMs ms',
  ({ takenMs, settledMs }) => {
    const backlog = backlogSince(at(0))
    backlog.saw(old, at(20 * minute))
    expect(backlog.settledMs(at(takenMs), at(20 * minute)) - begin).toBe(settledMs)
  },
)

test('a clock that was put back holds nothing', () => {
  const backlog = backlogSince(at(0))
  expect(backlog.settledMs(at(2), at(1))).toBe(at(1))
  backlog.saw(old, at(minute))
  expect(backlog.settledMs(at(1), at(minute - 1))).toBe(at(minute - 1))
  expect(backlog.settledMs(at(minute), at(minute))).toBe(at(minute + 10 * second))
})
