import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alwaysInForce, historyOf } from '../config/business-time.ts'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import { beginningOfTimeMs } from '../config/versions.ts'
import { catalogueOf } from '../families/catalogue.ts'
import type { KpiValue } from '../kpis/value.ts'
import { measures } from '../families/catalogue.ts'
import { type Period, periodAt, type PeriodKind, periodsIn } from '../time/periods.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, slotMs } from '../time/time.ts'
import { type Buckets, buckets } from './buckets.fixture.ts'
import { evaluate } from './evaluate.ts'
import { isCurrent, periodPlan, type SliceQuestion } from './plan.ts'
import { wholeSlice } from './sources.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const nowMs = at('2026-03-02T10:07:27.017Z')
const configIn = (timeZone: string): TenantConfig => ({ ...defaultTenantConfig, timeZone })
const questionIn = (timeZone: string): SliceQuestion => ({
  tenant: 'acme',
  slice: [],
  sources: wholeSlice(4),
  config: configIn(timeZone),
  history: alwaysInForce(configIn(timeZone)),
  kpis: catalogueOf().kpis,
  running: [],
})

function valuesOf(
  stored: Buckets,
  period: Period,
  timeZone: string,
  asOfMs = nowMs,
): (id: string) => KpiValue {
  const plan = periodPlan(questionIn(timeZone), period, asOfMs)
  const values = evaluate(plan, stored.answer(plan, asOfMs))
  return (id) => values.get(id) as KpiValue
}

describe('which buckets make up a period', () => {
  const cellsOf = (kind: PeriodKind, instant: string, timeZone: string): number => {
    const plan = periodPlan(questionIn(timeZone), periodAt(kind, at(instant), timeZone), nowMs)
    return plan.cells.length
  }
  test.each([
    { kind: '15m' as const, cells: 1 },
    { kind: '30m' as const, cells: 2 },
    { kind: 'hour' as const, cells: 4 },
    { kind: 'day' as const, cells: 1 },
    { kind: 'week' as const, cells: 7 },
    { kind: 'month' as const, cells: 31 },
    { kind: 'quarter' as const, cells: 90 },
    { kind: 'year' as const, cells: 365 },
  ])('$kind: $cells', ({ kind, cells }) => {
    expect(cellsOf(kind, '2026-03-02T03:20:00Z', 'Asia/Kathmandu')).toBe(cells)
  })

  test('half an hour that the clocks leave of an hour is two slots', () => {
    expect(cellsOf('hour', '2026-10-03T15:30:00Z', 'Australia/Lord_Howe')).toBe(2)
  })

  test('its first slot begins where it begins', () => {
    const plan = periodPlan(
      questionIn('Asia/Kathmandu'),
      periodAt('hour', at('2026-03-02T03:20:00Z'), 'Asia/Kathmandu'),
      nowMs,
    )
    expect(plan.keys[0]).toBe(`m:acme:slot:${at('2026-03-02T03:15:00Z')}#4`)
  })
})

describe('values of a period', () => {
  test('KPIs of the moment have none', () => {
    const stored = buckets('acme', 4, 'UTC')
    stored.openSince('backlog', 5)
    const of = valuesOf(stored, periodAt('day', nowMs, 'UTC'), 'UTC')
    for (const id of [
      'waiting_now',
      'longest_wait',
      'waiting_over_target',
      'backlog',
      'agents_by_state',
      'agents_available',
    ])
      expect(of(id)).toMatchObject({ value: null, reason: 'not-in-this-window', status: 'no-data' })
  })

  test('an hour is not kept once its first slot is gone; the day stays', () => {
    const stored = buckets('acme', 4, 'UTC')
    stored.add(measures.contactOpened, (nowMs - 8 * dayMs) as EpochMs, 1)
    const hour = periodAt('hour', (nowMs - 8 * dayMs) as EpochMs, 'UTC')
    expect(valuesOf(stored, hour, 'UTC')('contacts_opened')).toMatchObject({ value: 1 })
    const goneMs = (hour.startMs + slotMs + 8 * dayMs) as EpochMs
    expect(valuesOf(stored, hour, 'UTC', (goneMs - 1) as EpochMs)('contacts_opened')).toMatchObject(
      { value: 1 },
    )
    const of = valuesOf(stored, hour, 'UTC', goneMs)
    expect(of('contacts_opened')).toMatchObject({
      value: null,
      reason: 'not-kept',
      status: 'no-data',
    })
    expect(of('waiting_now')).toMatchObject({ reason: 'not-in-this-window' })
    expect(
      valuesOf(stored, periodAt('day', hour.startMs, 'UTC'), 'UTC', goneMs)('contacts_opened'),
    ).toMatchObject({ value: 1 })
  })

  test('a state in progress counts in the running period, and in no other', () => {
    const stored = buckets('acme', 4, 'UTC')
    stored.openSince('agent-class.handling', nowMs - 60_000)
    expect(valuesOf(stored, periodAt('hour', nowMs, 'UTC'), 'UTC')('utilization')).toMatchObject({
      numerator: 60_000,
    })
    const before = periodAt('hour', (nowMs - hourMs) as EpochMs, 'UTC')
    expect(valuesOf(stored, before, 'UTC')('utilization')).toMatchObject({ value: null })
  })

  test('a period to come is empty', () => {
    const of = valuesOf(
      buckets('acme', 4, 'UTC'),
      periodAt('hour', (nowMs + 2 * hourMs) as EpochMs, 'UTC'),
      'UTC',
    )
    expect(of('contacts_opened')).toMatchObject({ value: 0 })
    expect(of('response_time')).toMatchObject({ value: null, reason: 'nothing-happened' })
  })

  test('of a closed day, first contact resolution stands once the window after it has passed', () => {
    const stored = buckets('acme', 4, 'UTC')
    stored.add(measures.fcrDue, at('2026-02-27T23:00:00Z'), 1)
    const friday = periodAt('day', at('2026-02-27T00:00:00Z'), 'UTC')
    expect(valuesOf(stored, friday, 'UTC')('fcr_gross').provisionalUntil).toBe(
      '2026-03-03T00:00:00.000Z',
    )
    expect(
      valuesOf(stored, friday, 'UTC', at('2026-03-03T00:00:00Z'))('fcr_gross'),
    ).not.toHaveProperty('provisionalUntil')
  })

  test('a sum past 2^53 is exact', () => {
    const stored = buckets('acme', 4, 'UTC')
    const long = 2 ** 52 + 1
    for (const day of ['01', '02', '03'])
      stored.add(measures.resolutionTimeFromRequest, at(`2026-03-${day}T08:00:00Z`), long)
    const of = valuesOf(stored, periodAt('month', nowMs, 'UTC'), 'UTC')
    expect(of('resolution_time_from_request')).toMatchObject({
      value: long,
      count: 3,
      sum: 3n * BigInt(long),
    })
  })

  test('hours add up to their day, days to their month: counts, sums and agent time', () => {
    const zones = fc.constantFrom('Europe/Rome', 'Asia/Kathmandu', 'Australia/Lord_Howe')
    const offsets = fc.array(fc.integer({ min: 0, max: 26 * hourMs }), { maxLength: 30 })
    fc.assert(
      fc.property(
        zones,
        fc.constantFrom('2026-10-03', '2026-10-24', '2026-10-25'),
        offsets,
        (zone, date, made) => {
          const stored = buckets('acme', 4, zone)
          const day = periodAt('day', at(`${date}T20:00:00Z`), zone)
          for (const offset of made) {
            const ms = (day.startMs + offset) as EpochMs
            stored.add(measures.replyTime, ms, offset)
            stored.span(measures.agentHandling, ms, (ms + 17 * minuteMs) as EpochMs)
          }
          const asOfMs = (day.endMs + 3 * hourMs) as EpochMs
          const total = (kind: PeriodKind, range: Period): number[] => {
            const rows = [...periodsIn(kind, range, zone)].map((period) =>
              valuesOf(stored, period, zone, asOfMs),
            )
            const sums = rows.map((of) =>
              [of('response_time').count, of('response_time').sum, of('utilization').numerator].map(
                Number,
              ),
            )
            return [0, 1, 2].map((place) => sums.reduce((sum, row) => sum + (row[place] ?? 0), 0))
          }
          for (const kind of ['15m', '30m', 'hour'] as const)
            expect(total(kind, day)).toEqual(total('day', day))
          const month = periodAt('month', day.startMs, zone)
          expect(total('day', month)).toEqual(total('month', month))
        },
      ),
      { numRuns: 20 },
    )
  })
})

test('a plan stands while the period is to come, runs, is over, and until its slots are gone', () => {
  const hour = periodAt('hour', nowMs, 'UTC')
  const standsAt = (madeAtMs: number, logTimeMs: number): boolean =>
    isCurrent(periodPlan(questionIn('UTC'), hour, madeAtMs as EpochMs), logTimeMs as EpochMs)
  const goneMs = hour.startMs + slotMs + 8 * dayMs
  expect(standsAt(hour.startMs - 5, hour.startMs - 1)).toBe(true)
  expect(standsAt(hour.startMs - 5, hour.startMs)).toBe(false)
  expect(standsAt(nowMs, hour.endMs - 1)).toBe(true)
  expect(standsAt(nowMs, hour.endMs)).toBe(false)
  expect(standsAt(hour.endMs, goneMs - 1)).toBe(true)
  expect(standsAt(hour.endMs, goneMs)).toBe(false)
  expect(standsAt(goneMs, goneMs + dayMs)).toBe(true)
  // Log time of a store that was put back is of the phase before.
  expect(standsAt(nowMs, hour.startMs - 1)).toBe(false)
  expect(standsAt(hour.endMs, hour.endMs - 1)).toBe(false)
  expect(standsAt(goneMs, goneMs - 1)).toBe(false)
})

test('a value that nobody asked for on a clock is on that of the configuration in force at the end of its period', () => {
  const office = { hours: [], holidays: [], workdays: [] }
  const config = configIn('UTC')
  const before = { ...config, calendars: { office }, calendar: 'office' }
  const history = historyOf([
    { id: 'a', takenMs: beginningOfTimeMs, fromMs: beginningOfTimeMs, config: before },
    { id: 'b', takenMs: 0, fromMs: at('2026-03-01T12:00:00Z'), config },
  ])
  const question: SliceQuestion = {
    ...questionIn('UTC'),
    ...{ history, slice: [{ dimension: 'class', value: 'deferred' }] },
  }
  const stored = buckets('acme', 4, 'UTC')
  const clockOn = (date: string): unknown => {
    const plan = periodPlan(question, periodAt('day', at(`${date}T00:00:00Z`), 'UTC'), nowMs)
    return evaluate(plan, stored.answer(plan, nowMs)).get('response_time')?.clock
  }
  expect(['2026-02-28', '2026-03-01', '2026-03-02'].map(clockOn)).toEqual([
    'business',
    'calendar',
    'calendar',
  ])
})
