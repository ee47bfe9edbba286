import { describe, expect, test } from 'vitest'
import { at, atMinute, contactRule, mondayMs } from './alert.test-support.ts'
import {
  activeAlertOf,
  decideDeadlines,
  unwatched,
  type Applied,
  type DeadlineDecision,
  type FoldedRule,
  type WatchState,
} from './deadline.ts'
import { lateAfterMs } from './rule.ts'

const waiting = contactRule('customer-waiting')

/** Seconds: a wait that goes on has no end. */
type Wait = readonly [since: number, ended?: number]

function applying(rule: FoldedRule, waits: readonly Wait[]): Applied {
  const spans = waits.map(([since, ended]) => ({
    sinceMs: at(since),
    endedMs: ended === undefined ? null : at(ended),
  }))
  return {
    rule,
    current: spans.find(({ endedMs }) => endedMs === null) ?? null,
    past: spans.filter(({ endedMs }) => endedMs !== null),
  }
}

const decide = (
  state: WatchState,
  second: number,
  waits: readonly Wait[],
  rule: FoldedRule = waiting,
): DeadlineDecision => decideDeadlines(state, [applying(rule, waits)], at(second), 'UTC')

/** Fires at second 30 for a wait since 0. */
const firing = decide(unwatched, 30, [[0]])

const toldOf = ({ changes }: DeadlineDecision): string[] =>
  changes.map(({ active, status, endedMs, end }) => {
    const seconds = (ms: number): number => (ms - mondayMs) / 1_000
    const begun = `#${active.number} since ${seconds(active.sinceMs)} from ${seconds(active.startedMs)}`
    return status === 'firing' ? begun : `${begun} ${end} at ${seconds(endedMs!)}`
  })

describe('a deadline', () => {
  test('fires at exactly the limit, and not before', () => {
    expect(decide(unwatched, 29, [[0]])).toEqual({ state: unwatched, changes: [], nextMs: at(30) })
    expect(firing).toEqual({
      state: {
        active: {
          'customer-waiting': { number: 1, sinceMs: at(0), startedMs: at(30), late: false },
        },
        counts: { 'customer-waiting': 1 },
      },
      changes: [
        {
          rule: 'customer-waiting',
          active: { number: 1, sinceMs: at(0), startedMs: at(30), late: false },
          status: 'firing',
          endedMs: null,
          end: null,
        },
      ],
      nextMs: null,
    })
  })

  test('does not come where the answer came before it', () => {
    expect(decide(unwatched, 60, [[0, 29]])).toEqual({
      state: unwatched,
      changes: [],
      nextMs: null,
    })
  })

  test('that was found passed and over is not fired for: there is nothing to be done', () => {
    expect(decide(unwatched, 100, [[0, 90]]).changes).toEqual([])
  })

  test('found no more than the limit of lateness after it is in time, later is late', () => {
    const lateAt = 30 + lateAfterMs / 1_000
    expect(decide(unwatched, lateAt, [[0]]).changes[0]!.active).toMatchObject({
      startedMs: at(30),
      late: false,
    })
    expect(decide(unwatched, lateAt + 1, [[0]]).changes[0]!.active).toMatchObject({
      startedMs: at(30),
      late: true,
    })
  })

  test.each<[rule: string, second: number, waits: readonly Wait[], told: readonly string[]]>([
    ['goes on while the wait does', 45, [[0]], []],
    ['is over when the wait ends', 45, [[0, 45]], ['#1 since 0 from 30 over at 45']],
    [
      'is over when the wait ended, however late that is known',
      500,
      [[0, 45]],
      ['#1 since 0 from 30 over at 45'],
    ],
    [
      'is retracted by an answer that had come in time',
      45,
      [[0, 20]],
      ['#1 since 0 from 30 retracted at 30'],
    ],
    [
      'is retracted by an answer at exactly the limit',
      45,
      [[0, 30]],
      ['#1 since 0 from 30 retracted at 30'],
    ],
    ['is retracted where nobody ever waited', 45, [], ['#1 since 0 from 30 retracted at 30']],
    [
      'goes on for a wait that began later than it seemed and is beyond its own limit',
      45,
      [[10]],
      [],
    ],
    [
      'is retracted where the wait began later and is not yet beyond',
      45,
      [[20]],
      ['#1 since 0 from 30 retracted at 30'],
    ],
    [
      'is over for a wait that began later, once it was beyond',
      60,
      [[10, 41]],
      ['#1 since 10 from 30 over at 41'],
    ],
    [
      'is retracted for a wait that began later and ended in time',
      60,
      [[10, 40]],
      ['#1 since 0 from 30 retracted at 30'],
    ],
    [
      'of an answered wait is over; the next wait has its own',
      70,
      [[0, 35], [50]],
      ['#1 since 0 from 30 over at 35'],
    ],
    [
      'of an answered wait makes room for the next one',
      80,
      [[0, 35], [50]],
      ['#1 since 0 from 30 over at 35', '#2 since 50 from 80'],
    ],
    [
      'that was retracted makes room for a later wait',
      90,
      [[0, 20], [50]],
      ['#1 since 0 from 30 retracted at 30', '#2 since 50 from 80'],
    ],
  ])('an alert %s', (_rule, second, waits, told) => {
    expect(toldOf(decide(firing.state, second, waits))).toEqual(told)
  })

  test('a wait that began later is the alert’s own from then on', () => {
    const adopted = decide(firing.state, 45, [[10]])
    expect(adopted.state.active['customer-waiting']).toEqual({
      number: 1,
      sinceMs: at(10),
      startedMs: at(30),
      late: false,
    })
    expect(toldOf(decide(adopted.state, 50, [[10, 50]]))).toEqual([
      '#1 since 10 from 30 over at 50',
    ])
  })

  test('a retracted alert fires anew once the wait is beyond its own limit', () => {
    const retracted = decide(firing.state, 45, [[20]])
    expect(retracted.nextMs).toBe(at(50))
    expect(toldOf(decide(retracted.state, 50, [[20]]))).toEqual(['#2 since 20 from 50'])
  })

  test('the same again changes nothing and keeps the state itself', () => {
    const again = decide(firing.state, 30, [[0]])
    expect(again.changes).toEqual([])
    expect(again.state).toBe(firing.state)
  })
})

describe('a rule that changes', () => {
  test('and applies no more withdraws its alert, now', () => {
    const { changes, state } = decideDeadlines(firing.state, [], at(40), 'UTC')
    expect(changes).toMatchObject([{ status: 'resolved', end: 'withdrawn', endedMs: at(40) }])
    expect(state).toEqual({ active: {}, counts: { 'customer-waiting': 1 } })
  })

  test('and asks for more withdraws its alert, which fires anew at the new deadline', () => {
    const decision = decide(firing.state, 40, [[0]], { ...waiting, limitMs: 60_000 })
    expect(toldOf(decision)).toEqual(['#1 since 0 from 30 withdrawn at 40'])
    expect(decision.nextMs).toBe(at(60))
  })

  test('and asks for less fires for what goes on at once, from the deadline that it would have had', () => {
    expect(toldOf(decide(unwatched, 25, [[0]], { ...waiting, limitMs: 20_000 }))).toEqual([
      '#1 since 0 from 20',
    ])
  })

  test('leaves the alerts of the others alone', () => {
    const other = contactRule('other', { limitMs: 60_000 })
    const both = decideDeadlines(
      firing.state,
      [applying(waiting, [[0]]), applying(other, [[0]])],
      at(40),
      'UTC',
    )
    expect(both).toEqual({ state: firing.state, changes: [], nextMs: at(60) })
  })

  test('may have the name of what every object has', () => {
    const odd = contactRule('constructor')
    const { state } = decide(unwatched, 30, [[0]], odd)
    expect(activeAlertOf(unwatched, 'constructor')).toBeUndefined()
    expect(activeAlertOf(state, 'constructor')).toMatchObject({ number: 1 })
    expect(toldOf(decide(state, 40, [[0, 40]], odd))).toEqual(['#1 since 0 from 30 over at 40'])
  })
})

describe('hours', () => {
  const office = contactRule('office', {
    hours: [{ days: [1], fromMinute: 9 * 60, toMinute: 18 * 60 }],
    limitMs: 60_000,
  })
  const since = (minute: number, ended?: number): Applied =>
    applying(office, [ended === undefined ? [minute * 60] : [minute * 60, ended * 60]])

  test('move a deadline outside them to the start of the next ones', () => {
    expect(decideDeadlines(unwatched, [since(60)], atMinute(120), 'UTC').nextMs).toBe(
      atMinute(9 * 60),
    )
    const { changes } = decideDeadlines(unwatched, [since(60)], atMinute(9 * 60), 'UTC')
    expect(changes[0]!.active).toEqual({
      number: 1,
      sinceMs: atMinute(60),
      startedMs: atMinute(9 * 60),
      late: false,
    })
  })

  test('are those of the tenant’s zone', () => {
    expect(
      decideDeadlines(unwatched, [since(60)], atMinute(70), 'Asia/Shanghai').changes,
    ).toHaveLength(1) // 09:01 there.
  })

  test('gate the beginning alone: an alert outlasts them', () => {
    const { state } = decideDeadlines(unwatched, [since(17 * 60)], atMinute(17 * 60 + 1), 'UTC')
    expect(decideDeadlines(state, [since(17 * 60)], atMinute(20 * 60), 'UTC').changes).toEqual([])
    expect(
      decideDeadlines(state, [since(17 * 60, 19 * 60)], atMinute(20 * 60), 'UTC').changes,
    ).toMatchObject([{ end: 'over', endedMs: atMinute(19 * 60) }])
  })

  test('that never come never fire', () => {
    const never = contactRule('never', { hours: [] })
    expect(decideDeadlines(unwatched, [applying(never, [[0]])], at(1_000_000), 'UTC')).toEqual({
      state: unwatched,
      changes: [],
      nextMs: null,
    })
  })
})

test.each<{ rule: string; startedSecond: number; skipped: [number, number]; late: boolean }>([
  {
    rule: 'one that came while log time leapt',
    startedSecond: 30,
    skipped: [29, 400],
    late: false,
  },
  { rule: 'one as the leap began', startedSecond: 30, skipped: [30, 400], late: true },
  { rule: 'one as the leap ended', startedSecond: 30, skipped: [0, 30], late: true },
  { rule: 'one after the leap', startedSecond: 30, skipped: [0, 20], late: true },
])('a deadline that is found late: $rule is late: $late', ({ startedSecond, skipped, late }) => {
  const foundMs = at(startedSecond + lateAfterMs / 1_000 + 1)
  const [startMs, endMs] = [at(skipped[0]), at(skipped[1])]
  const { changes } = decideDeadlines(
    unwatched,
    [applying(waiting, [[startedSecond - 30]])],
    foundMs,
    'UTC',
    { atMs: foundMs, skipped: { startMs, endMs } },
  )
  expect(changes.map(({ active }) => active.late)).toEqual([late])
})
