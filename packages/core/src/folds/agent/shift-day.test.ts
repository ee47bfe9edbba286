import { describe, expect, test } from 'vitest'
import type { CanonicalEvent } from '../../events/event.ts'
import type { AgentState } from '../../events/types.ts'
import { dayMs, minuteMs, type EpochMs } from '../../time/time.ts'
import { AgentDay } from './agent-day.ts'
import { at, dayStartMs, engaged, state, teller, timeouts } from './oracle.test-support.ts'
import type { Shift } from './shift.ts'

type Activity = readonly [state: AgentState, from: number, to: number]
const shift = (from: number, to: number, ...activities: readonly Activity[]): Shift => ({
  ...{ startMs: at(from), endMs: at(to) },
  activities: activities.map(([does, begin, end]) => ({
    ...{ state: does, startMs: at(begin), endMs: at(end) },
  })),
})

const dayOf = (
  events: readonly CanonicalEvent[],
  shifts: Readonly<Record<string, Shift>>,
  startMs = dayStartMs,
): AgentDay => {
  const day = new AgentDay('a-1', startMs, timeouts)
  for (const event of events) day.insertEvent(event)
  for (const [shiftId, one] of Object.entries(shifts))
    day.changeEngagement({ shifts: [{ shiftId, shift: one }] })
  return day
}

const minuteOf = (atMs: number): number => (atMs - dayStartMs) / minuteMs
const minutes = (ms: number): number => ms / minuteMs

/** `scheduled/actual from–to` of each stretch, in order. */
const timesOf = (day: AgentDay): string[] =>
  [...day.rows()]
    .flatMap((row) => (row.grain === 'shift-time' ? [row] : []))
    .sort((a, b) => a.fromMs - b.fromMs)
    .map(
      ({ scheduled, actual, fromMs, toMs }) =>
        `${scheduled ?? '-'}/${actual} ${minuteOf(fromMs)}–${minuteOf(toMs)}`,
    )

const shiftsOf = (day: AgentDay): unknown[] =>
  [...day.rows()].flatMap((row) =>
    row.grain === 'shift'
      ? [[row.shiftId, minuteOf(row.ended.atMs), minutes(row.signedInMs), row.isAttended]]
      : [],
  )

describe('what an agent did in a shift', () => {
  const absent = [state(-60, 'available'), state(-30, 'offline')]
  test.each<{ rule: string; events: readonly CanonicalEvent[]; until: number; is: string[] }>([
    { rule: 'of whom no state was told has none', events: [], until: 60, is: [] },
    {
      rule: 'time before the first state counts nowhere',
      events: [state(20, 'available')],
      until: 30,
      is: ['break/productive 20–25', 'productive/productive 25–30'],
    },
    {
      rule: 'a quarter-hour counts once it is over',
      events: [state(10, 'available')],
      until: 29,
      is: ['productive/productive 10–15'],
    },
    {
      rule: 'states count by their class',
      events: [state(10, 'on_contact'), state(12, 'meal'), state(20, 'not_ready')],
      until: 30,
      is: [
        'productive/productive 10–12',
        'productive/break 12–15',
        'break/break 15–20',
        'break/other 20–25',
        'productive/other 25–30',
      ],
    },
    {
      rule: 'who signed out is off',
      events: [state(10, 'available'), state(12, 'offline')],
      until: 15,
      is: ['productive/productive 10–12', 'productive/off 12–15'],
    },
    {
      rule: 'before it, productive time alone is told',
      events: [state(0, 'available'), state(3, 'break'), state(10, 'training')],
      until: 15,
      is: ['-/productive 0–3', 'productive/training 10–15'],
    },
  ])('$rule', ({ events, until, is }) => {
    const day = dayOf(events, { s: shift(10, 60, ['break', 15, 25]) })
    day.refold(at(until))
    expect(timesOf(day)).toEqual(is)
  })

  test('who is engaged in a contact is productive, whatever state it set', () => {
    const day = dayOf([state(0, 'break')], { s: shift(0, 15) })
    teller(day)(engaged('c-1', 5, 8))
    day.refold(at(15))
    expect(timesOf(day)).toEqual([
      'productive/break 0–5',
      'productive/productive 5–8',
      'productive/break 8–15',
    ])
  })

  test('one who is absent is woken for it', () => {
    const day = dayOf([], { s: shift(20, 40) })
    const before = dayOf(absent, {}, (dayStartMs - dayMs) as EpochMs)
    day.setCarryIn(before.refold(dayStartMs).carryOut)
    const wakes = [0, 20, 30, 31, 45].map((minute) => day.refold(at(minute)).nextWakeMs)
    expect(wakes.map((atMs) => atMs && minuteOf(atMs))).toEqual([30, 30, 45, 45, null])
    expect(timesOf(day)).toEqual(['productive/off 20–30', 'productive/off 30–40'])
  })

  test('a shift that moves takes its time along', () => {
    const day = dayOf([state(0, 'available')], { s: shift(0, 15) })
    day.refold(at(60))
    day.changeEngagement({ shifts: [{ shiftId: 's', shift: shift(1_000, 1_020) }] })
    day.refold(at(60))
    expect([...timesOf(day), ...shiftsOf(day)]).toEqual([])
  })

  test('a state that comes late changes what was told', () => {
    const day = dayOf([state(0, 'available')], { s: shift(0, 30) })
    day.refold(at(60))
    day.insertEvent(state(15, 'offline'))
    day.refold(at(60))
    expect(timesOf(day).slice(0, 2)).toEqual(['productive/productive 0–15', 'productive/off 15–30'])
    expect(shiftsOf(day)).toEqual([['s', 30, 15, true]])
  })
})

describe('whether a shift was attended', () => {
  test.each([
    { rule: 'half of it is enough', out: 30, until: 60, is: [['s', 50, 20, true]] },
    { rule: 'less is not', out: 29, until: 60, is: [['s', 50, 19, false]] },
    { rule: 'it counts once the quarter-hour of its end is over', out: 30, until: 59, is: [] },
  ])('$rule', ({ out, until, is }) => {
    const day = dayOf([state(0, 'break'), state(out, 'offline')], { s: shift(10, 50) })
    day.refold(at(until))
    expect(shiftsOf(day)).toEqual(is)
  })

  test('a shift before the first state counts nowhere, one up to it neither', () => {
    const shifts = { a: shift(0, 10), b: shift(0, 20), c: shift(0, 21) }
    const day = dayOf([state(20, 'available')], shifts)
    day.refold(at(60))
    expect(shiftsOf(day)).toEqual([['c', 21, 1, false]])
  })

  test('what was told by hand of its date counts in its place, until that is taken back', () => {
    const day = dayOf([state(0, 'available')], { s: shift(0, 30) })
    day.changeEngagement({ dates: [{ date: '2026-03-02', isTold: true }] })
    day.refold(at(60))
    expect(shiftsOf(day)).toEqual([])
    day.changeEngagement({ dates: [{ date: '2026-03-02', isTold: false }] })
    day.refold(at(60))
    expect(shiftsOf(day)).toEqual([['s', 30, 30, true]])
  })

  test('a shift over midnight is of the day that it ends on, with what the day before had of it', () => {
    const night = { s: shift(-120, 120) }
    const yesterday = dayOf([state(-60, 'available')], night, (dayStartMs - dayMs) as EpochMs)
    const { carryOut } = yesterday.refold(dayStartMs)
    expect(carryOut.shifts).toEqual([['s', 60 * minuteMs]])
    expect(shiftsOf(yesterday)).toEqual([])
    const today = dayOf([state(59, 'offline')], night)
    today.setCarryIn(carryOut)
    today.refold(at(120))
    expect(shiftsOf(today)).toEqual([['s', 120, 119, false]])
    today.setCarryIn({ ...carryOut, shifts: [['s', 61 * minuteMs]] })
    today.refold(at(120))
    expect(shiftsOf(today)).toEqual([['s', 120, 120, true]])
  })

  test('one that ends at midnight is of the day before', () => {
    const end = { s: shift(-60, 0) }
    const yesterday = dayOf([state(-60, 'available')], end, (dayStartMs - dayMs) as EpochMs)
    const { carryOut } = yesterday.refold(dayStartMs)
    expect([carryOut.shifts, shiftsOf(yesterday)]).toEqual([[], [['s', 0, 60, true]]])
    const today = dayOf([], end)
    today.setCarryIn(carryOut)
    today.refold(at(30))
    expect(shiftsOf(today)).toEqual([])
  })
})

test('what is held of a day makes it again', () => {
  const day = dayOf([], { s: shift(0, 30, ['meal', 5, 9]), t: shift(20, 60) })
  day.changeEngagement({ dates: [{ date: '2026-03-01', isTold: true }] })
  const again = new AgentDay('a-1', dayStartMs, timeouts)
  again.changeEngagement(JSON.parse(JSON.stringify(day.wholeEngagement())))
  for (const one of [day, again]) {
    one.insertEvent(state(3, 'available'))
    one.refold(at(90))
  }
  expect([...again.rows()]).toEqual([...day.rows()])
  expect([again.parts, timesOf(again).length]).toEqual([3, 8])
})
