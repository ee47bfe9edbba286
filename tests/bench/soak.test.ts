import { describe, expect, test } from 'vitest'
import { slopeOf, soakReport } from './report/soak.ts'
import { Openings } from './soak/openings.ts'
import type { Minute } from './soak/run-soak.ts'
import { zoneOfYoungDay } from './soak/young-day.ts'

describe('openings of a soak', () => {
  test('count from when they were due until they were seen, also where one side is told later', () => {
    const openings = new Openings()
    openings.seen({ atMs: 20, opened: 2 })
    openings.due([0])
    expect(openings.take()).toEqual([20])
    openings.due([5, 40, 60])
    expect(openings.waiting()).toBe(2)
    openings.seen({ atMs: 70, opened: 3 })
    expect(openings.take()).toEqual([15, 30])
    expect(openings.waiting()).toBe(1)
    expect(openings.take()).toEqual([])
    openings.seen({ atMs: 90, opened: 4 })
    expect(openings.take()).toEqual([30])
    expect(openings.waiting()).toBe(0)
  })
})

test.each(Array.from({ length: 24 }, (_, hour) => ({ hour })))(
  'from $hour:59 UTC on, there are 23 hours of a day to come',
  ({ hour }) => {
    const atMs = Date.UTC(2026, 2, 2, hour, 59)
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: zoneOfYoungDay(atMs),
      hour: '2-digit',
      minute: '2-digit',
    }).format(atMs)
    expect(local).toBe('00:59')
  },
)

test.each([
  { places: [], slope: null, rule: 'nothing has no slope' },
  { places: [[1, 5]], slope: null, rule: 'nor has one place' },
  {
    places: [
      [0, 1],
      [1, 4],
      [2, 4],
      [3, 7],
    ],
    slope: 1.8,
    rule: 'the line that fits best',
  },
] as const)('$rule', ({ places, slope }) => {
  if (slope === null) expect(slopeOf(places)).toBeNull()
  else expect(slopeOf(places)).toBeCloseTo(slope)
})

describe('the verdict of a soak', () => {
  const minute = (number: number, megabytes: number): Minute => ({
    ...{
      number,
      events: 60_000,
      p50Ms: 50,
      p99Ms: number === 1 ? 9_000 : 200,
      lagRecords: 3,
      storeBytes: 1e6 * number,
    },
    memoryBytes: new Map([['aggregator', megabytes * 1e6]]),
  })
  const reportOf = (minutes: readonly Minute[]): string =>
    soakReport({ perSecond: 1_000, agents: 400, minutes, sentBytes: 5e6, openings: 9 })
  const rowOf = (report: string, title: string): string[] | undefined =>
    report
      .split('\n')
      .find((line) => line.startsWith(`| ${title} `))
      ?.split('|')
      .map((cell) => cell.trim())
      .slice(2, -1)

  test('compares the last third with the first, after two minutes, and says how it goes on', () => {
    const report = reportOf(
      Array.from({ length: 11 }, (_, place) => minute(place + 1, 300 + 10 * place)),
    )
    expect(rowOf(report, 'memory of aggregator, MB')).toEqual(['330', '390', '+18.2', '+600'])
    expect(rowOf(report, 'visible after, p99, ms')).toEqual(['200', '200', '+0.00', '+0.00'])
    expect(rowOf(report, 'memory of kafka, MB')).toEqual(['–', '–', '–', '–'])
  })

  test('there is none before the third minute of those that count', () => {
    expect(reportOf(Array.from({ length: 4 }, (_, place) => minute(place + 1, 300)))).toContain(
      'Too short for a verdict',
    )
  })
})
