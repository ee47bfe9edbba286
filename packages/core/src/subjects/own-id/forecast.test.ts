import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contribute } from '../../families/contribute.ts'
import { measures } from '../../families/catalogue.ts'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, secondMs, slotMs } from '../../time/time.ts'
import type { ForecastRow } from '../row.ts'
import { forecast } from './forecast.ts'

const nineMs = Date.UTC(2026, 2, 2, 9)
const iso = (atMs: number): string => new Date(atMs).toISOString()

/** Told at eight, of nine to half past, unless it says otherwise. */
const told = (more: EventData = {}, atMs = nineMs - hourMs): CanonicalEvent => ({
  ...{ type: 'workload.forecast', id: 'e', source: '/wfm', sequence: '0', tenant: 'acme' },
  timeMs: atMs as EpochMs,
  data: {
    ...{ queue: 'sales', start: iso(nineMs), end: iso(nineMs + 30 * minuteMs), offered: 100 },
    ...more,
  },
})

const at = (ms: number) => ms as EpochMs
const rowsAt = (nowMs: number, ...events: readonly CanonicalEvent[]): ForecastRow[] =>
  forecast.tell(events, at(nowMs), 'UTC').rows as ForecastRow[]

type Counted = { readonly atMs: number; readonly value: number }
/** What rows add to a measure, by instant. */
function counted(rows: readonly ForecastRow[], name: keyof typeof measures): Counted[] {
  const all: Counted[] = []
  for (const row of rows)
    contribute(row, (measure, { atMs }, value) => {
      if (measure === measures[name]) all.push({ atMs, value })
    })
  return all
}
const sum = (all: readonly Counted[]): number => all.reduce((total, { value }) => total + value, 0)

describe('what has begun of a forecast is told', () => {
  test.each([
    { rule: 'nothing before it begins', afterMs: -1, rows: [] },
    { rule: 'its first minute as it begins', afterMs: 0, rows: [[0, 1]] },
    { rule: 'a minute up to the next one', afterMs: 59_999, rows: [[0, 1]] },
    { rule: 'the next one as that begins', afterMs: minuteMs, rows: [[0, 2]] },
    {
      rule: 'a row for each quarter-hour',
      afterMs: 15 * minuteMs,
      rows: [
        [0, 15],
        [15, 16],
      ],
    },
    {
      rule: 'all of it once its last minute has begun',
      afterMs: 29 * minuteMs,
      rows: [
        [0, 15],
        [15, 30],
      ],
    },
    {
      rule: 'and no more later',
      afterMs: dayMs,
      rows: [
        [0, 15],
        [15, 30],
      ],
    },
  ])('$rule', ({ afterMs, rows }) => {
    const seen = rowsAt(nineMs + afterMs, told())
    expect(
      seen.map(({ from, toMs }) => [(from.atMs - nineMs) / minuteMs, (toMs - nineMs) / minuteMs]),
    ).toEqual(rows)
    for (const row of seen)
      expect(row).toMatchObject({
        ...{ toldMs: nineMs - hourMs, offered: 100_000_000, workMs: null, agentMs: null },
        from: { credit: { queue: 'sales' } },
      })
  })

  test('of minutes that it covers in part, that part, where it begins', () => {
    const start = nineMs + 14 * minuteMs + 30 * secondMs
    const its = told({ start: iso(start), end: iso(start + minuteMs), offered: 3 })
    const rows = rowsAt(nineMs + hourMs, its)
    expect(counted(rows, 'forecastOffered')).toEqual([
      { atMs: start, value: 1_500_000 },
      { atMs: nineMs + slotMs, value: 1_500_000 },
    ])
    expect(rows.map(({ toMs }) => toMs)).toEqual([nineMs + slotMs, start + minuteMs])
  })

  test('what is offered, its handle time and the time of agents, each minute its part', () => {
    const rows = rowsAt(nineMs + hourMs, told({ averageHandleMs: 180_000, agents: 14 }))
    const first = (name: keyof typeof measures) => counted(rows, name)[0]
    expect(first('forecastOffered')).toEqual({ atMs: nineMs, value: 3_333_333 })
    expect(first('workloadDifference')).toEqual({ atMs: nineMs, value: -3_333_333 })
    expect(first('forecastTimedOffered')).toEqual({ atMs: nineMs, value: 3_333_333 })
    expect(first('forecastWork')).toEqual({ atMs: nineMs, value: 600_000 })
    expect(first('workTimeDifference')).toEqual({ atMs: nineMs, value: -600_000 })
    expect(first('forecastAgentTime')).toEqual({ atMs: nineMs, value: 14 * minuteMs })
    expect(sum(counted(rows, 'forecastOffered'))).toBe(100_000_000)
  })

  test('of what was not told nothing counts', () => {
    const rows = rowsAt(nineMs + hourMs, told())
    for (const name of ['forecastWork', 'forecastTimedOffered', 'forecastAgentTime'] as const)
      expect(counted(rows, name)).toEqual([])
  })

  test('the last word, for all of the interval', () => {
    const rows = rowsAt(nineMs + hourMs, told(), told({ offered: 40, agents: 2 }, nineMs + 5))
    expect(sum(counted(rows, 'forecastOffered'))).toBe(40_000_000)
    expect(rows[0]).toMatchObject({ toldMs: nineMs + 5, agentMs: 60 * minuteMs })
  })

  test.each([
    { rule: 'a day a year ahead counts', startMs: nineMs + 365 * dayMs, counts: true },
    { rule: 'one that begins later does not', startMs: nineMs + 366 * dayMs, counts: false },
    { rule: 'one that was over 34 days before counts', startMs: nineMs - 35 * dayMs, counts: true },
    { rule: 'one of earlier does not', startMs: nineMs - 36 * dayMs - hourMs - 1, counts: false },
  ])('$rule', ({ startMs, counts }) => {
    const its = told({ start: iso(startMs), end: iso(startMs + dayMs) })
    expect(forecast.tell([its], at(nineMs + 800 * dayMs), 'UTC').rows.length).toBe(counts ? 96 : 0)
    expect('aheadMs' in forecast.tell([its], at(nineMs), 'UTC')).toBe(counts)
  })

  test('an interval of 31 days counts, a longer one, of an older log, does not', () => {
    const of = (ms: number) => told({ end: iso(nineMs + ms) })
    expect(rowsAt(nineMs + 40 * dayMs, of(31 * dayMs)).length).toBe(31 * 96)
    expect(rowsAt(nineMs + 40 * dayMs, of(31 * dayMs + 1))).toEqual([])
  })
})

test('minutes add up to the whole, and one that has begun stays as it is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 * 60_000 }),
      fc.integer({ min: 1, max: 3 * hourMs }),
      fc.double({ min: 0, max: 10_000, noNaN: true }),
      fc.integer({ min: 0, max: 600_000 }),
      fc.array(fc.integer({ min: -60_000, max: 4 * hourMs }), { maxLength: 4 }),
      (offsetMs, lengthMs, offered, averageHandleMs, steps) => {
        const startMs = nineMs + offsetMs
        const data = { start: iso(startMs), end: iso(startMs + lengthMs), offered, averageHandleMs }
        const its = told({ ...data, agents: offered })
        const all = rowsAt(nineMs + dayMs, its)
        for (const [name, total] of [
          ['forecastOffered', Math.round(offered * 1_000_000)],
          ['forecastWork', Math.round(offered * averageHandleMs)],
          ['forecastAgentTime', Math.round(offered * lengthMs)],
        ] as const) {
          const whole = counted(all, name)
          expect(sum(whole)).toBe(total)
          for (const { atMs, value } of whole) {
            expect(value).toBeGreaterThanOrEqual(0)
            expect(atMs).toBeGreaterThanOrEqual(startMs)
          }
          for (const step of steps)
            expect(counted(rowsAt(nineMs + step, its), name)).toEqual(
              whole.filter(({ atMs }) => atMs <= nineMs + step),
            )
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('it is asked again whenever something changes', () => {
  const nextAt = (nowMs: number) =>
    (forecast.tell([told()], at(nowMs), 'UTC').aheadMs! - nineMs) / minuteMs
  expect(nextAt(nineMs - 50 * hourMs)).toBe(-48 * 60)
  expect(nextAt(nineMs - 48 * hourMs)).toBe(0)
  expect(nextAt(nineMs)).toBe(1)
  expect(nextAt(nineMs + minuteMs)).toBe(2)
  expect(nextAt(nineMs + 29 * minuteMs)).toBe(30)
  expect(nextAt(nineMs + 30 * minuteMs)).toBe(30)
})
