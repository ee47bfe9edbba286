import { describe, expect, test } from 'vitest'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import { dayMs, type EpochMs, hourMs } from '../../time/time.ts'
import { attendance } from './attendance.ts'
import { shift } from './shift.ts'

const midnightMs = Date.parse('2026-03-02T00:00:00Z')
const today = midnightMs / dayMs
const at = (hour: number): EpochMs => (midnightMs + hour * hourMs) as EpochMs
const iso = (hour: number): string => new Date(at(hour)).toISOString()

const event = (
  type: CanonicalEvent['type'],
  toldHour: number,
  data: EventData,
): CanonicalEvent => ({
  ...{ type, id: 'e', source: '/wfm', sequence: '0', tenant: 'acme', timeMs: at(toldHour) },
  data: { agentId: 'a-1', ...data },
})

describe('a shift', () => {
  const scheduled = (begin: number, end: number, more: EventData = {}, toldHour = 0) =>
    event('agent.scheduled', toldHour, {
      ...{ shiftId: 's-1', start: iso(begin), end: iso(end) },
      ...more,
    })
  const daysOf = (told: CanonicalEvent): number[] =>
    shift.ofAgent!.daysOf(told).map((utcDay) => utcDay - today)

  test.each([
    { rule: 'is of the day that it lies in', begin: 9, end: 17, days: [0] },
    { rule: 'is of the days in the six hours around it', begin: 5, end: 19, days: [-1, 0, 1] },
    { rule: 'is not of days beyond them', begin: 6, end: 18, days: [0] },
    { rule: 'over midnight is of both days', begin: 22, end: 30, days: [0, 1] },
    { rule: 'may take a day', begin: 9, end: 33, days: [0, 1] },
    { rule: 'of longer than that is none', begin: 9, end: 33 + 1 / 3_600, days: [] },
    { rule: 'may begin 366 days ahead', begin: 8_784, end: 8_785, days: [365, 366] },
    { rule: 'of later is none', begin: 8_784 + 1 / 3_600, end: 8_785, days: [] },
    { rule: 'may have been over 35 days before', begin: -841, end: -840, days: [-36, -35] },
    { rule: 'of before that is none', begin: -842, end: -840 - 1 / 3_600, days: [] },
  ])('$rule', ({ begin, end, days }) => {
    expect(daysOf(scheduled(begin, end))).toEqual(days)
  })

  test('says when it is, and what of it is scheduled, by its last event; and takes that back', () => {
    const told = scheduled(9, 17, {
      activities: [{ state: 'meal', start: iso(12), end: iso(12.5) }],
    })
    const its = {
      ...{ startMs: at(9), endMs: at(17) },
      activities: [{ state: 'meal', startMs: at(12), endMs: at(12.5) }],
    }
    expect(shift.ofAgent!.says(told)).toEqual({ shifts: [{ shiftId: 's-1', shift: its }] })
    expect(shift.ofAgent!.takesBack(told)).toEqual({ shifts: [{ shiftId: 's-1', shift: null }] })
  })

  test('is asked again when a day of it begins', () => {
    const told = [scheduled(1, 2), scheduled(46, 49)]
    const nexts = [0, 40, 47.9, 48].map((hour) => shift.tell(told, at(hour), 'UTC'))
    expect(nexts).toEqual([
      { rows: [], aheadMs: at(24) },
      { rows: [], aheadMs: at(48) },
      { rows: [], aheadMs: at(48) },
      { rows: [] },
    ])
  })
})

describe('an attendance', () => {
  const told = (data: EventData = {}, toldHour = 0): CanonicalEvent =>
    event('agent.attendance', toldHour, {
      ...{ date: '2026-03-02', scheduled: true, attended: false },
      ...data,
    })
  const rowsAt = (hour: number, timeZone: string, ...events: readonly CanonicalEvent[]) =>
    attendance.tell(events, at(hour), timeZone).rows

  test.each([
    { timeZone: 'UTC', hour: 0 },
    { timeZone: 'Asia/Shanghai', hour: -8 },
    { timeZone: 'America/New_York', hour: 5 },
  ])('counts where the date begins in $timeZone, from noon UTC on', ({ timeZone, hour }) => {
    expect(rowsAt(11.9, timeZone, told())).toEqual([])
    const { begun } = rowsAt(12, timeZone, told())[0] as { begun: unknown }
    expect(begun).toEqual({ atMs: at(hour), credit: { agent: 'a-1' } })
  })

  test('counts by its last event, all of it', () => {
    const first = told({ violations: 3 })
    const last = told({ scheduled: false, attended: true })
    expect(rowsAt(12, 'UTC', first, last)).toMatchObject([
      { isScheduled: false, isAttended: true, violations: 0 },
    ])
  })

  test('is of the days on which a shift of its date may end', () => {
    const days = attendance.ofAgent!.daysOf(told())
    expect(days.map((utcDay) => utcDay - today)).toEqual([-1, 0, 1, 2])
  })

  test.each([
    { rule: '366 days ahead counts', toldHour: -8_784, counts: true },
    { rule: 'of later does not', toldHour: -8_785, counts: false },
    { rule: '35 days behind counts', toldHour: 24 + 840, counts: true },
    { rule: 'of before that does not', toldHour: 24 + 841, counts: false },
  ])('$rule', ({ toldHour, counts }) => {
    const its = told({}, toldHour)
    expect(rowsAt(9_999, 'UTC', its)).toHaveLength(counts ? 1 : 0)
    expect(attendance.ofAgent!.daysOf(its)).toHaveLength(counts ? 4 : 0)
    expect('aheadMs' in attendance.tell([its], at(-9_000), 'UTC')).toBe(counts)
  })

  test('is asked again when a day of it begins, and when its date has begun everywhere', () => {
    const nexts = [-30, -24, 0, 12, 24, 48].map(
      (hour) => attendance.tell([told()], at(hour), 'UTC').aheadMs,
    )
    expect(nexts).toEqual([at(-24), at(0), at(12), at(24), at(48), undefined])
  })
})
