import { expect, test } from 'vitest'
import type { AgentState } from '../../events/types.ts'
import { minuteMs, type EpochMs } from '../../time/time.ts'
import { plannedIn, shiftOverMs, type Shift } from './shift.ts'

const at = (minute: number): EpochMs => (minute * minuteMs) as EpochMs
type Activity = readonly [state: AgentState, from: number, to: number]

const shift = (from: number, to: number, ...activities: readonly Activity[]): Shift => ({
  ...{ startMs: at(from), endMs: at(to) },
  activities: activities.map(([state, begin, end]) => ({
    ...{ state, startMs: at(begin), endMs: at(end) },
  })),
})

test.each<{ rule: string; shifts: Record<string, Shift>; is: readonly unknown[] }>([
  { rule: 'without shifts nothing is planned', shifts: {}, is: [] },
  {
    rule: 'a shift without activities is productive',
    shifts: { s: shift(0, 600) },
    is: [['productive', 15, 30]],
  },
  {
    rule: 'a shift begins and ends where it says, half-open',
    shifts: { s: shift(20, 25) },
    is: [
      [null, 15, 20],
      ['productive', 20, 25],
      [null, 25, 30],
    ],
  },
  {
    rule: 'activities are of the class of their state, and a sign-out is off',
    shifts: { s: shift(0, 600, ['meal', 16, 18], ['meeting', 18, 20], ['offline', 29, 40]) },
    is: [
      ['productive', 15, 16],
      ['break', 16, 18],
      ['meeting', 18, 20],
      ['productive', 20, 29],
      ['off', 29, 30],
    ],
  },
  {
    rule: 'of several activities the last listed counts',
    shifts: { s: shift(0, 600, ['training', 15, 30], ['other', 20, 40], ['wrap_up', 25, 26]) },
    is: [
      ['training', 15, 20],
      ['other', 20, 25],
      ['productive', 25, 26],
      ['other', 26, 30],
    ],
  },
  {
    rule: 'an activity counts within its shift alone',
    shifts: { s: shift(0, 20, ['break', 15, 30]) },
    is: [
      ['break', 15, 20],
      [null, 20, 30],
    ],
  },
  {
    rule: 'of shifts over one another the one that begins last counts',
    shifts: { a: shift(18, 24, ['meal', 0, 60]), b: shift(0, 600) },
    is: [
      ['productive', 15, 18],
      ['break', 18, 24],
      ['productive', 24, 30],
    ],
  },
  {
    rule: 'of those the last by id',
    shifts: { b: shift(0, 600, ['meal', 0, 600]), a: shift(0, 600) },
    is: [['break', 15, 30]],
  },
  {
    rule: 'a shift of six hours ago is around',
    shifts: { s: shift(-700, 15 - 360 + 5) },
    is: [[null, 15, 20]],
  },
  { rule: 'one of longer ago is not', shifts: { s: shift(-700, 15 - 360) }, is: [] },
  {
    rule: 'a shift in six hours is around',
    shifts: { s: shift(20 + 360, 900) },
    is: [[null, 20, 30]],
  },
])('$rule', ({ shifts, is }) => {
  const planned = plannedIn(Object.entries(shifts), { startMs: at(15), endMs: at(30) })
  expect(
    planned.map((one) => [one.scheduled, one.startMs / minuteMs, one.endMs / minuteMs]),
  ).toEqual(is)
})

test.each([
  { end: 30, over: 30 },
  { end: 31, over: 45 },
  { end: 44, over: 45 },
])('a shift that ends in minute $end is over in minute $over', ({ end, over }) => {
  expect(shiftOverMs(shift(0, end))).toBe(at(over))
})
