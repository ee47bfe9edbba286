import type { ClockProblem, EpochMs } from '@deskpulse/core/time'
import { createMetrics, type Logger } from '@deskpulse/runtime'
import type { PartitionId } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { clockTelemetry } from './clock-telemetry.ts'

const [p0, p1] = [0 as PartitionId, 1 as PartitionId]
const problem = (kind: ClockProblem['kind'], byMs = 60_000): ClockProblem => ({
  kind,
  byMs,
  sinceMs: 5 as EpochMs,
})

function opened() {
  const metrics = createMetrics({ processMetrics: false })
  const lines: (readonly [level: string, fields: unknown])[] = []
  const at =
    (level: string) =>
    (fields: unknown): void =>
      void lines.push([level, fields])
  const told = clockTelemetry(metrics, { info: at('info'), warn: at('warn') } as unknown as Logger)
  const series = async (name: 'logClockOff' | 'logClockJumps') =>
    Object.fromEntries(
      (await metrics[name].get()).values.map(({ labels, value }) => [
        Object.values(labels).join(),
        value,
      ]),
    )
  return { ...told, lines, off: () => series('logClockOff'), jumps: () => series('logClockJumps') }
}

test('how far the clocks are off is shown in seconds, with its sign, until they agree or the partition is another’s', async () => {
  const { clock, clockLost, off } = opened()
  clock(p0, { before: null, after: problem('jump', -90_500), leaptMs: 0 })
  clock(p1, { before: null, after: problem('sender'), leaptMs: 0 })
  expect(await off()).toEqual({ 0: -90.5, 1: 60 })
  clock(p0, { before: problem('jump'), after: null, leaptMs: 0 })
  clockLost(p1)
  expect(await off()).toEqual({ 0: 0, 1: 0 })
})

test('log time that does not go with the clocks fails the check, with the partition, how far and why', () => {
  const { clock, checkClock } = opened()
  clock(p0, { before: null, after: problem('append'), leaptMs: 0 })
  checkClock([p0, p1]) // One clock that is off and not followed does no harm.
  clock(p1, { before: null, after: problem('ahead', 61_500), leaptMs: 0 })
  expect(() => checkClock([p0, p1])).toThrow(
    'partition 1, by 61.5 s: a clock that log time followed was put back',
  )
  clock(p1, { before: problem('ahead'), after: null, leaptMs: 0 })
  checkClock([p0, p1])
})

test('a partition that is not assigned any more fails no check, and shows nothing', async () => {
  const { clock, clockLost, checkClock, off } = opened()
  for (const partition of [p0, p1])
    clock(partition, { before: null, after: problem('jump'), leaptMs: 0 })
  clockLost(p0)
  expect(() => checkClock([p0, p1])).toThrow('partition 1')
  checkClock([p0]) // It went to another process between two batches, of which nobody told.
  expect(await off()).toEqual({ 0: 0, 1: 0 })
})

test.each<{
  rule: string
  before: ClockProblem | null
  after: ClockProblem | null
  leaptMs: number
  wanted: Record<string, number>
}>([
  {
    rule: 'a jump that log time leapt after was followed',
    before: problem('jump'),
    after: null,
    leaptMs: 1,
    wanted: { followed: 1 },
  },
  {
    rule: 'so was one back: log time waits',
    before: problem('jump'),
    after: problem('ahead'),
    leaptMs: 0,
    wanted: { followed: 1 },
  },
  {
    rule: 'so is one after silence',
    before: problem('silence'),
    after: problem('sender'),
    leaptMs: 1,
    wanted: { followed: 1 },
  },
  {
    rule: 'else it was undone',
    before: problem('silence'),
    after: null,
    leaptMs: 0,
    wanted: { undone: 1 },
  },
  {
    rule: 'undone though a clock is still off',
    before: problem('jump'),
    after: problem('append'),
    leaptMs: 0,
    wanted: { undone: 1 },
  },
  {
    rule: 'one that stands is not over',
    before: problem('jump'),
    after: problem('jump', 9),
    leaptMs: 0,
    wanted: {},
  },
  {
    rule: 'one that begins is not over',
    before: null,
    after: problem('jump'),
    leaptMs: 0,
    wanted: {},
  },
  {
    rule: 'a clock that was off is no jump',
    before: problem('append'),
    after: null,
    leaptMs: 0,
    wanted: {},
  },
])('jumps are counted as they end: $rule', async ({ before, after, leaptMs, wanted }) => {
  const { clock, jumps } = opened()
  clock(p0, { before, after, leaptMs })
  expect(await jumps()).toEqual(wanted)
})

test('what is wrong is a warning, that it is over is none, and a leap of log time is told of', () => {
  const { clock, lines } = opened()
  clock(p0, { before: null, after: problem('jump'), leaptMs: 0 })
  clock(p0, { before: problem('jump'), after: null, leaptMs: 60_000 })
  expect(lines).toEqual([
    ['warn', { partition: p0, problem: 'jump', byMs: 60_000 }],
    ['warn', { partition: p0, leaptMs: 60_000 }],
    ['info', { partition: p0, was: 'jump' }],
  ])
})
