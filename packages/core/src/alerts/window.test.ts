import { describe, expect, test } from 'vitest'
import { at } from './alert.test-support.ts'
import type { WindowedRule } from './rule.ts'
import {
  decideWindow,
  unseenWindow,
  type WindowChange,
  type WindowState,
  windowTransition,
  withdrawWindow,
} from './window.ts'
import { windowedRule } from './windowed.test-support.ts'

type Step = readonly [
  second: number,
  value: number | null,
  changed?: Partial<WindowedRule>,
  withinHours?: boolean,
]

const on = (
  second: number,
  value: number | null,
  newly?: Partial<WindowedRule>,
  withinHours?: boolean,
): Step => [second, value, newly, withinHours]

/** What the steps lead to. Each evaluates the rule, changed from then on. */
function run(
  changed: Partial<WindowedRule>,
  ...steps: readonly Step[]
): { readonly state: WindowState; readonly changes: WindowChange[] } {
  let rule = windowedRule(changed)
  let state = unseenWindow
  const changes: WindowChange[] = []
  for (const [second, value, newly = {}, withinHours = true] of steps) {
    rule = { ...rule, ...newly }
    const decision = decideWindow(state, rule, { value, size: 1 }, at(second), withinHours)
    state = decision.state
    changes.push(...decision.changes)
  }
  return { state, changes }
}

/** `firing@10 over@25`, in short. */
const told = (changes: readonly WindowChange[]): string =>
  changes
    .map(
      ({ end, startedMs, endedMs }) =>
        `${end ?? 'firing'}@${((endedMs ?? startedMs) - at(0)) / 1_000}`,
    )
    .join(' ')

type Case = { changed?: Partial<WindowedRule>; steps: Step[]; is: string; rule: string }

describe('threshold and recovery', () => {
  test.each<Case>([
    { steps: [on(0, 30_000)], is: '', rule: 'exactly at the threshold is not beyond it' },
    { steps: [on(0, 30_001)], is: 'firing@0', rule: 'anything beyond is' },
    {
      changed: { comparison: 'below', threshold: 0.8, recovery: 0.8 },
      steps: [on(0, 0.8)],
      is: '',
      rule: 'below: exactly at it is not below',
    },
    {
      changed: { comparison: 'below', threshold: 0.8 },
      steps: [on(0, 0.79)],
      is: 'firing@0',
      rule: 'below: less is',
    },
    {
      steps: [on(0, 31_000), on(5, 20_001)],
      is: 'firing@0',
      rule: 'back under the threshold alone does not end it',
    },
    {
      steps: [on(0, 31_000), on(5, 20_000)],
      is: 'firing@0 over@5',
      rule: 'exactly the recovery does',
    },
    { steps: [on(0, 25_000)], is: '', rule: 'between recovery and threshold nothing begins' },
    {
      steps: [on(0, 31_000), on(5, 32_000), on(9, 33_000)],
      is: 'firing@0',
      rule: 'what fires does not begin again',
    },
    {
      steps: [on(0, 31_000), on(5, 10_000), on(9, 33_000)],
      is: 'firing@0 over@5 firing@9',
      rule: 'once over, it may fire anew',
    },
    {
      steps: [on(0, 31_000), on(5, 31_000, { threshold: 31_000 }), on(9, 20_000)],
      is: 'firing@0 over@9',
      rule: 'a raised threshold leaves what fires to its recovery',
    },
    {
      steps: [on(0, 31_000, { threshold: 40_000 }), on(5, 31_000, { threshold: 30_000 })],
      is: 'firing@5',
      rule: 'a lowered threshold applies from the next evaluation',
    },
    {
      steps: [on(0, 31_000), on(5, 31_000, { recovery: 40_000 }), on(9, 31_000)],
      is: 'firing@0',
      rule: 'a recovery that is worse than the threshold never makes it flap',
    },
  ])('$rule', ({ changed = {}, steps, is }) => {
    expect(told(run(changed, ...steps).changes)).toBe(is)
  })
})

describe('for', () => {
  test.each<Case>([
    { steps: [on(0, 31_000), on(9, 31_000)], is: '', rule: 'not yet' },
    { steps: [on(0, 31_000), on(10, 31_000)], is: 'firing@10', rule: 'at exactly so long' },
    {
      steps: [on(0, 31_000), on(5, 30_000), on(10, 31_000)],
      is: '',
      rule: 'what is not beyond the threshold interrupts it',
    },
    {
      steps: [on(0, 31_000), on(5, null), on(10, 31_000)],
      is: '',
      rule: 'no data that is ok interrupts it',
    },
    {
      steps: [on(0, 31_000), on(5, null, { noData: 'keep' }), on(10, 31_000)],
      is: 'firing@10',
      rule: 'no data that is kept does not',
    },
    { steps: [on(0, 31_000, { noData: 'keep' }), on(10, null)], is: '', rule: 'nor does it fire' },
    {
      steps: [on(0, null, { noData: 'fire' }), on(10, null)],
      is: 'firing@10',
      rule: 'no data that fires counts',
    },
    {
      changed: { forMs: 60_000 },
      steps: [on(0, 31_000), on(60, 31_000)],
      is: 'firing@60',
      rule: 'a minute without evaluation is no gap',
    },
    {
      changed: { forMs: 60_000 },
      steps: [on(0, 31_000), on(61, 31_000)],
      is: '',
      rule: 'a longer one is: nobody knows what was then',
    },
    {
      changed: { forMs: 60_000 },
      steps: [on(0, 31_000), on(61, 31_000), on(121, 31_000)],
      is: 'firing@121',
      rule: 'and the time begins anew',
    },
    {
      changed: { noData: 'keep' },
      steps: [on(0, 31_000), on(61, null), on(62, 31_000)],
      is: '',
      rule: 'a gap that ends without data is one, too',
    },
    {
      steps: [on(0, 31_000), on(5, 31_000, { forMs: 5_000 })],
      is: 'firing@5',
      rule: 'a shorter one applies from the next evaluation',
    },
  ])('$rule', ({ changed = {}, steps, is }) => {
    expect(told(run({ forMs: 10_000, ...changed }, ...steps).changes)).toBe(is)
  })

  test('the alert says since when the breach goes on, and when it fired', () => {
    expect(run({ forMs: 10_000 }, on(0, 31_000), on(12, 35_000)).changes).toEqual([
      {
        number: 1,
        status: 'firing',
        sinceMs: at(0),
        startedMs: at(12),
        endedMs: null,
        end: null,
        value: 35_000,
      },
    ])
  })
})

describe('keepFiringFor', () => {
  test.each<Case>([
    {
      steps: [on(0, 31_000), on(5, 0), on(14, 0)],
      is: 'firing@0',
      rule: 'it goes on for so long after it recovered',
    },
    {
      steps: [on(0, 31_000), on(5, 0), on(15, 0)],
      is: 'firing@0 over@15',
      rule: 'and ends at exactly so long',
    },
    {
      steps: [on(0, 31_000), on(5, 0), on(9, 31_000), on(15, 0)],
      is: 'firing@0',
      rule: 'a breach begins it anew, as the same alert',
    },
    {
      steps: [on(0, 31_000), on(5, 0), on(9, 25_000), on(15, 0)],
      is: 'firing@0',
      rule: 'so does what is worse than the recovery',
    },
    {
      steps: [on(0, 31_000, { noData: 'keep' }), on(5, 0), on(15, null)],
      is: 'firing@0',
      rule: 'no data that is kept does not end it',
    },
    {
      steps: [on(0, 31_000), on(5, 0), on(15, null)],
      is: 'firing@0 over@15',
      rule: 'no data that is ok does',
    },
    {
      steps: [on(0, 31_000, { noData: 'keep' }), on(5, 0), on(9, null), on(15, 0)],
      is: 'firing@0 over@15',
      rule: 'nor does it begin it anew',
    },
  ])('$rule', ({ changed = {}, steps, is }) => {
    expect(told(run({ keepFiringForMs: 10_000, ...changed }, ...steps).changes)).toBe(is)
  })
})

describe('no data while it fires', () => {
  test.each<Case>([
    {
      changed: { noData: 'ok' },
      steps: [on(0, 31_000), on(5, null)],
      is: 'firing@0 over@5',
      rule: 'ok: it is over',
    },
    {
      changed: { noData: 'keep' },
      steps: [on(0, 31_000), on(5, null)],
      is: 'firing@0',
      rule: 'keep: it goes on',
    },
    {
      changed: { noData: 'fire' },
      steps: [on(0, 31_000), on(5, null)],
      is: 'firing@0',
      rule: 'fire: it goes on',
    },
    { changed: { noData: 'keep' }, steps: [on(0, null)], is: '', rule: 'keep: it does not begin' },
  ])('$rule', ({ changed = {}, steps, is }) => {
    expect(told(run(changed, ...steps).changes)).toBe(is)
  })
})

test('an alert of which nobody knows what was asked goes on with what is asked next', () => {
  const fired: WindowState = {
    number: 3,
    phase: 'firing',
    asks: null,
    sinceMs: at(0),
    startedMs: at(1),
    value: 90_000,
  }
  const rule = windowedRule({})
  const goesOn = decideWindow(fired, rule, { value: 90_000, size: 1 }, at(10), true)
  expect(goesOn.changes).toEqual([])
  const other = decideWindow(
    goesOn.state,
    { ...rule, window: '60m' },
    { value: 0, size: 1 },
    at(20),
    true,
  )
  expect(other.changes).toMatchObject([{ number: 3, end: 'withdrawn' }])
})

describe('when nobody asks', () => {
  test.each<Case>([
    { steps: [on(0, 31_000, {}, false)], is: '', rule: 'outside its hours a rule does not fire' },
    {
      steps: [on(0, 31_000), on(5, 31_000, {}, false)],
      is: 'firing@0 withdrawn@5',
      rule: 'what fires when they end is withdrawn',
    },
    {
      steps: [on(0, 31_000), on(5, 0, { keepFiringForMs: 60_000 }), on(9, 0, {}, false)],
      is: 'firing@0 withdrawn@9',
      rule: 'also while it recovers',
    },
    {
      steps: [on(0, 31_000, { forMs: 10_000 }), on(5, 31_000, {}, false), on(10, 31_000)],
      is: '',
      rule: 'a breach begins anew with the next hours',
    },
    {
      steps: [on(0, 31_000), on(5, 0.95, { kpi: 'occupancy', threshold: 0.9 })],
      is: 'firing@0 withdrawn@5 firing@5',
      rule: 'about another KPI it is another alert',
    },
    {
      steps: [on(0, 31_000, { forMs: 10_000 }), on(10, 31_000, { statistic: 'p90' })],
      is: '',
      rule: 'and another breach',
    },
  ])('$rule', ({ changed = {}, steps, is }) => {
    expect(told(run(changed, ...steps).changes)).toBe(is)
  })

  test('a rule that is removed withdraws what fires, with the value that it fired with, and forgets a breach', () => {
    const firing = run({}, on(0, 31_000)).state
    expect(withdrawWindow(firing, at(7))).toEqual({
      state: { number: 1, phase: 'ok' },
      changes: [
        {
          number: 1,
          status: 'resolved',
          sinceMs: at(0),
          startedMs: at(0),
          endedMs: at(7),
          end: 'withdrawn',
          value: 31_000,
        },
      ],
    })
    const pending = run({ forMs: 10_000 }, on(0, 31_000)).state
    expect(withdrawWindow(pending, at(7))).toEqual({
      state: { number: 0, phase: 'ok' },
      changes: [],
    })
    expect(withdrawWindow(unseenWindow, at(7))).toEqual({ state: unseenWindow, changes: [] })
  })

  test('an end is never before its start, also when log time was put back', () => {
    expect(withdrawWindow(run({}, on(10, 31_000)).state, at(5)).changes[0]?.endedMs).toBe(at(10))
  })
})

test('a change is a transition of the slice, never late; a count has the unit of its statistic', () => {
  const rule = windowedRule({ labels: { team: 'floor' }, statistic: 'count', threshold: 5 })
  const [change] = decideWindow(unseenWindow, rule, { value: 9, size: 1 }, at(3), true).changes
  expect(
    windowTransition('acme', rule, 'queue=billing', 'count', change as WindowChange, at(3)),
  ).toEqual({
    tenant: 'acme',
    rule: 'response-time',
    subject: 'slice/queue=billing',
    number: 1,
    kind: 'windowed',
    severity: 'warning',
    slice: 'queue=billing',
    kpi: 'response_time',
    value: 9,
    limit: 5,
    unit: 'count',
    labels: { team: 'floor' },
    status: 'firing',
    sinceMs: at(3),
    startedMs: at(3),
    endedMs: null,
    end: null,
    detectedMs: at(3),
    late: false,
  })
})
