import { expect, test } from 'vitest'
import { dimensionSet, numberOf } from '../measures/dimension-set.ts'
import { rowOfEachGrain } from '../subjects/row.fixture.ts'
import { type Row, withCredits } from '../subjects/row.ts'
import type { EpochMs } from '../time/time.ts'
import { contribute, contributeChange } from './contribute.ts'
import type { Sink } from './family.ts'

const credit = dimensionSet({ agent: 'a-1' }, {})
const moment = (atMs: number) => ({ atMs: atMs as EpochMs, credit })
const complaint = (filed: number | null, settled: number | null, justified = false): Row => ({
  grain: 'complaint',
  filed: filed === null ? null : moment(filed),
  settled: settled === null ? null : moment(settled),
  justified,
})
const spent = (
  state: 'handling' | 'available' | 'not_ready',
  contacts = 0,
  capacity: number | null = null,
): Row => ({
  ...{ grain: 'agent-time', class: state, contacts, capacity, credit },
  ...{ fromMs: 10 as EpochMs, toMs: 25 as EpochMs },
})
const review = (isBad: boolean, causedByService: boolean): Row => ({
  ...{ grain: 'review', posted: moment(7), isBad, causedByService },
})
const followUp = (isDone: boolean): Row => ({ grain: 'follow-up', due: moment(8), isDone })

/** Measure, instant, value; of time its end. */
type Added = readonly [measure: string, atMs: number, value: number, untilMs?: number]

test.each<{ rule: string; row: Row; added: readonly Added[] }>([
  {
    rule: 'a complaint counts where it was filed',
    row: complaint(5, null),
    added: [['complaintFiled', 5, 1]],
  },
  {
    rule: 'one that is settled took from the filing to then',
    row: complaint(5, 9),
    added: [
      ['complaintFiled', 5, 1],
      ['complaintTime', 9, 4],
    ],
  },
  {
    rule: 'one that is settled as it is filed took no time',
    row: complaint(5, 5),
    added: [
      ['complaintFiled', 5, 1],
      ['complaintTime', 5, 0],
    ],
  },
  {
    rule: 'one that was settled before it was filed has no time',
    row: complaint(5, 4),
    added: [['complaintFiled', 5, 1]],
  },
  { rule: 'of one that nobody filed nothing is known', row: complaint(null, 9), added: [] },
  {
    rule: 'one that is justified counts at its settlement',
    row: complaint(null, 9, true),
    added: [['complaintJustified', 9, 1]],
  },
  {
    rule: 'one that is justified and not settled does not',
    row: complaint(null, null, true),
    added: [],
  },
  {
    rule: 'a bad review by service counts twice',
    row: review(true, true),
    added: [
      ['reviewPosted', 7, 1],
      ['badReview', 7, 1],
    ],
  },
  {
    rule: 'a bad review of the goods is a review',
    row: review(true, false),
    added: [['reviewPosted', 7, 1]],
  },
  {
    rule: 'a good review by service is a review',
    row: review(false, true),
    added: [['reviewPosted', 7, 1]],
  },
  {
    rule: 'a follow-up that was done counts where it was due',
    row: followUp(true),
    added: [
      ['followUpDue', 8, 1],
      ['followUpDone', 8, 1],
    ],
  },
  { rule: 'one that was not is due', row: followUp(false), added: [['followUpDue', 8, 1]] },
  {
    rule: 'an incident took from its opening to the restoration',
    row: { grain: 'incident', openedMs: 3 as EpochMs, restored: moment(10) },
    added: [['restoreTime', 10, 7]],
  },
  {
    rule: 'time of handling is time of handling',
    row: spent('handling'),
    added: [['agentHandling', 10, 15, 25]],
  },
  {
    rule: 'time of waiting for work is that',
    row: spent('available'),
    added: [['agentAvailable', 10, 15, 25]],
  },
  {
    rule: 'time of a break is neither',
    row: spent('not_ready'),
    added: [['agentNotReady', 10, 15, 25]],
  },
  {
    rule: 'time of two contacts at once is that of each, and of what fits as often',
    row: spent('handling', 2, 3),
    added: [
      ['agentHandling', 10, 15, 25],
      ['agentEngaged', 10, 30, 25],
      ['agentCapacity', 10, 45, 25],
      ['agentEngagedOfCapacity', 10, 30, 25],
    ],
  },
  {
    rule: 'of contacts of an agent without a known capacity there is nothing that they are a part of',
    row: spent('handling', 1),
    added: [
      ['agentHandling', 10, 15, 25],
      ['agentEngaged', 10, 15, 25],
    ],
  },
  {
    rule: 'what fits counts without any contact, also during a break',
    row: spent('not_ready', 0, 2),
    added: [
      ['agentNotReady', 10, 15, 25],
      ['agentCapacity', 10, 30, 25],
    ],
  },
])('$rule', ({ row, added }) => {
  const found: Added[] = []
  contribute(row, ({ name }, at, value, scope, untilMs) => {
    expect([at.credit, scope]).toEqual([credit, 'both'])
    const one: Added = [name, at.atMs, value]
    found.push(untilMs === at.atMs ? one : [name, at.atMs, value, untilMs])
  })
  expect(found).toEqual(added)
})

/** What is added less what is taken back, by all that it is added to. */
function sums(): { readonly of: Map<string, number>; readonly sink: (sign: 1 | -1) => Sink } {
  const of = new Map<string, number>()
  const sink =
    (sign: 1 | -1): Sink =>
    ({ name, kind }, at, value, scope, endMs, times = 1) => {
      const places = 'places' in at ? JSON.stringify(at.places) : ''
      const ms = kind === 'duration' ? value : ''
      const key = [name, at.atMs, numberOf(at.credit), scope, endMs, ms, places].join(' ')
      const sum = (of.get(key) ?? 0) + sign * times * (kind === 'duration' ? 1 : value)
      if (sum === 0) of.delete(key)
      else of.set(key, sum)
    }
  return { of, sink }
}

const elsewhere = dimensionSet({ agent: 'a-9', queue: 'other' }, {})
const rows: readonly Row[] = Object.values(rowOfEachGrain())

test.each(rows)(
  'a row of $grain that another one replaces is taken back, and that one added',
  (row) => {
    for (const now of [row, withCredits(row, () => elsewhere)]) {
      const [apart, together] = [sums(), sums()]
      contribute(row, apart.sink(-1))
      contribute(now, apart.sink(1))
      contributeChange(row, now, together.sink(-1), together.sink(1))
      expect(together.of).toEqual(apart.of)
    }
  },
)

test('a period of a customer that one of another kind replaces is taken back, and that one added', () => {
  const { 'customer-period': month } = rowOfEachGrain()
  const week: Row = { ...month, period: 'week' }
  const [apart, together] = [sums(), sums()]
  contribute(month, apart.sink(-1))
  contribute(week, apart.sink(1))
  contributeChange(month, week, together.sink(-1), together.sink(1))
  expect(together.of).toEqual(apart.of)
  const names = Array.from(together.of.keys(), (key) => key.split(' ')[0])
  expect(names).toContain('servedInMonth')
  expect(names).toContain('servedInWeek')
})

test('what a row and the one in its place add alike is neither taken back nor added', () => {
  const told: string[] = []
  const tell: Sink = ({ name }) => told.push(name)
  contributeChange(complaint(5, null), complaint(5, 9, true), tell, tell)
  expect(told).toEqual(['complaintJustified', 'complaintTime'])
  contributeChange(complaint(5, 9), complaint(6, 9), tell, tell)
  expect(told.slice(2)).toEqual([
    'complaintFiled',
    'complaintFiled',
    'complaintTime',
    'complaintTime',
  ])
})
