import { expect, test } from 'vitest'
import { alwaysInForce } from '../config/business-time.ts'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import { measures } from '../families/catalogue.ts'
import { type Measure } from '../measures/measure.ts'
import { addCount, emptyRecord } from '../measures/record.ts'
import { encodeRecord } from '../measures/record-codec.ts'
import { encodeRolledTo, type RunningMinute } from '../measures/running-minutes.ts'
import { periodAt, type PeriodKind } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'
import type { Resolution } from '../state/keys.ts'
import { evaluate } from './evaluate.ts'
import { partsOf } from './parts.ts'
import { livePlan, periodPlan, type ReadingPlan, type SliceQuestion } from './plan.ts'
import { wholeSlice } from './sources.ts'

const at = (time: string): EpochMs => Date.parse(`2026-03-${time}Z`) as EpochMs
const nowMs = at('02T10:15:27')
const today = at('02T00:00')
const minute = (time: string, dayStartMs = today): RunningMinute => ({
  startMs: at(time),
  dayStartMs,
})
/** Of the quarter-hour before, partly rolled; of the one that runs; ahead, and on the next day. */
const running = [
  minute('02T10:14'),
  minute('02T10:15'),
  minute('02T10:16'),
  minute('03T00:00', at('03T00:00')),
]
const config = { ...defaultTenantConfig, timeZone: 'UTC' }
const question: SliceQuestion = {
  ...{
    tenant: 'acme',
    slice: [],
    sources: wholeSlice(4),
    ...{ config, history: alwaysInForce(config) },
    running,
  },
  kpis: catalogueOf().kpis,
}

const stored = new Map<string, Uint8Array>()
function store(resolution: Resolution, time: string, measure: Measure, n: number): void {
  const record = emptyRecord()
  addCount(record, measure, n)
  stored.set(`m:acme:${resolution}:${at(time)}#4`, encodeRecord(record))
}
store('day', '02T00:00', measures.contactOpened, 1_000)
store('slot', '02T10:00', measures.contactOpened, 100)
store('minute', '02T10:14', measures.contactOpened, 1)
store('minute', '02T10:15', measures.contactOpened, 2)
store('minute', '02T10:16', measures.contactOpened, 4)
store('minute', '03T00:00', measures.contactOpened, 8)

function opened(plan: ReadingPlan, rolledTo: number): number | null {
  const known = new Map([...stored, ['rolled-to:acme', encodeRolledTo(rolledTo)] as const])
  const values = plan.keys.map((key) => known.get(key) ?? null)
  return evaluate(plan, { values, open: [], asOfMs: nowMs }).get('contacts_opened')!.value
}

const period = (kind: PeriodKind, time: string): ReadingPlan =>
  periodPlan(question, periodAt(kind, at(time), 'UTC'), nowMs)

test.each([
  { what: 'today', plan: livePlan(question, 'today', nowMs), is: 1_007, isRolled: 1_006 },
  { what: 'the day', plan: period('day', '02T10:00'), is: 1_007, isRolled: 1_006 },
  { what: 'the next day', plan: period('day', '03T10:00'), is: 8, isRolled: 8 },
  { what: 'the day before', plan: period('day', '01T10:00'), is: 0, isRolled: 0 },
  { what: 'the month', plan: period('month', '02T10:00'), is: 1_015, isRolled: 1_014 },
  { what: 'the quarter-hour before', plan: period('15m', '02T10:00'), is: 101, isRolled: 100 },
  { what: 'the quarter-hour that runs', plan: period('15m', '02T10:15'), is: 6, isRolled: 6 },
  { what: 'the hour', plan: period('hour', '02T10:00'), is: 107, isRolled: 106 },
  { what: 'minutes', plan: livePlan(question, { minutes: 2 }, nowMs), is: 3, isRolled: 3 },
])(
  '$what is its records and the running minutes in it, but for a slice of the first that is rolled',
  ({ plan, is, isRolled }) => {
    expect([opened(plan, 0), opened(plan, 4)]).toEqual([is, is])
    expect([opened(plan, 5), opened(plan, 999)]).toEqual([isRolled, isRolled])
  },
)

test('how far minutes are rolled is read where the first one is a part, and only there', () => {
  const keysOf = (plan: ReadingPlan): boolean => plan.keys.includes('rolled-to:acme')
  expect([period('day', '02T10:00'), period('15m', '02T10:00')].map(keysOf)).toEqual([true, true])
  expect(
    [
      period('15m', '02T10:15'),
      period('day', '03T10:00'),
      livePlan(question, { minutes: 2 }, nowMs),
    ].map(keysOf),
  ).toEqual([false, false, false])
})

test('a minute belongs to the day that its zone gave it, whatever the zone of who reads', () => {
  const cells = [{ resolution: 'day', startMs: at('01T23:00'), endMs: at('02T23:00') }] as const
  const keysWith = (one: RunningMinute): number => partsOf('acme', 4, cells, [one]).parts.length
  expect(keysWith(minute('02T10:00', at('01T23:00')))).toBe(2)
  expect(keysWith(minute('02T10:00', today))).toBe(1)
})

test('the last bucket in which something became due is that of its records and running minutes together', () => {
  const only = { ...question, kpis: catalogueOf().kpis.filter(({ id }) => id === 'fcr_gross') }
  const plan = livePlan(only, 'today', nowMs)
  const bytesOf = (n: number): Uint8Array => {
    const record = emptyRecord()
    addCount(record, measures.fcrDue, n)
    return encodeRecord(record)
  }
  const provisionalOf = (day: number, minuteCount: number): unknown => {
    const known = new Map([
      [`m:acme:day:${today}#4`, bytesOf(day)],
      [`m:acme:minute:${at('02T10:15')}#4`, bytesOf(minuteCount)],
    ])
    return evaluate(plan, {
      values: plan.keys.map((key) => known.get(key) ?? null),
      open: [],
      asOfMs: nowMs,
    }).get(only.kpis[0]!.id)
  }
  expect(provisionalOf(0, 1)).toEqual(provisionalOf(1, 0))
  expect(provisionalOf(1, -1)).toEqual(provisionalOf(0, 0))
})
