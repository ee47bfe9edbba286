import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import { at } from './alert.test-support.ts'
import type { WindowedRule } from './rule.ts'
import {
  decideWindow,
  evaluationGapMaxMs,
  unseenWindow,
  type WindowState,
  withdrawWindow,
} from './window.ts'
import { windowedRule } from './windowed.test-support.ts'

/** One evaluation. `rule: null`: it was removed. `crashes`: the state went through the store, and the evaluation came twice. */
type Look = {
  readonly nowMs: EpochMs
  readonly rule: WindowedRule | null
  readonly value: number | null
  readonly within: boolean
  readonly crashes: boolean
}
type Happened = {
  readonly look: number
  readonly number: number
  readonly what: 'firing' | 'over' | 'withdrawn'
}

/** What the decisions say, one after another, with the state kept as JSON. */
function decided(looks: readonly Look[]): Happened[] {
  let state: WindowState = unseenWindow
  const happened: Happened[] = []
  looks.forEach((look, index) => {
    const decide = () =>
      look.rule === null
        ? withdrawWindow(state, look.nowMs)
        : decideWindow(state, look.rule, { value: look.value, size: 1 }, look.nowMs, look.within)
    const decision = decide()
    for (const { number, end } of decision.changes)
      happened.push({ look: index, number, what: end ?? 'firing' })
    state = decision.state
    if (look.crashes) {
      state = JSON.parse(JSON.stringify(state)) as WindowState
      expect(decide()).toEqual({ state, changes: [] }) // A repeat says nothing new.
    }
  })
  return happened
}

type Seen = 'breach' | 'between' | 'recovered' | 'unknown' | 'nobody'

function seen({ rule, value, within }: Look): Seen {
  if (rule === null || !within) return 'nobody'
  if (value === null)
    return ({ ok: 'recovered', keep: 'unknown', fire: 'breach' } as const)[rule.noData]
  const sign = rule.comparison === 'above' ? 1 : -1
  if (sign * (value - rule.threshold) > 0) return 'breach'
  return sign * (value - rule.recovery) <= 0 ? 'recovered' : 'between'
}
const question = ({ rule }: Look): string =>
  [rule?.kpi, rule?.statistic, rule?.window, rule?.comparison].join()

/** The same by definition: at every look, the whole history is gone through anew. */
function expected(looks: readonly Look[]): Happened[] {
  const happened: Happened[] = []
  const seconds = looks.map(({ nowMs }) => nowMs)
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index)

  looks.forEach((look, now) => {
    const active = happened.at(-1)?.what === 'firing' ? happened.at(-1) : undefined
    if (active !== undefined) {
      const end = endOf(active.look, now)
      if (end !== null) happened.push({ look: now, number: active.number, what: end })
      if (end !== 'withdrawn') return
    }
    const freeFrom = happened.at(-1)?.look ?? 0
    if (range(freeFrom, now).some((from) => fires(from, now, look))) {
      happened.push({
        look: now,
        number: happened.filter(({ what }) => what === 'firing').length + 1,
        what: 'firing',
      })
    }
  })
  return happened

  /** Every look from the first breach to the last one was one, or knew nothing; none was far from the next; all asked the same. */
  function fires(from: number, now: number, { rule }: Look): boolean {
    const between = range(from, now)
    if (rule === null || seen(looks[from]!) !== 'breach' || seen(looks[now]!) !== 'breach')
      return false
    if (!between.every((index) => ['breach', 'unknown'].includes(seen(looks[index]!)))) return false
    if (!between.every((index) => question(looks[index]!) === question(looks[now]!))) return false
    if (
      !between
        .slice(1)
        .every((index) => seconds[index]! - seconds[index - 1]! <= evaluationGapMaxMs)
    )
      return false
    return seconds[now]! - seconds[from]! >= rule.forMs
  }

  function endOf(started: number, now: number): 'over' | 'withdrawn' | null {
    const { rule } = looks[now]!
    if (
      rule === null ||
      seen(looks[now]!) === 'nobody' ||
      question(looks[now]!) !== question(looks[started]!)
    )
      return 'withdrawn'
    if (seen(looks[now]!) !== 'recovered') return null
    const isOver = range(started + 1, now).some(
      (from) =>
        seen(looks[from]!) === 'recovered' &&
        range(from, now).every((index) => ['recovered', 'unknown'].includes(seen(looks[index]!))) &&
        seconds[now]! - seconds[from]! >= rule.keepFiringForMs,
    )
    return isOver ? 'over' : null
  }
}

const anyRule = fc
  .record({
    threshold: fc.constantFrom(30, 40),
    recovery: fc.constantFrom(20, 30),
    forMs: fc.constantFrom(0, 10_000, 90_000),
    keepFiringForMs: fc.constantFrom(0, 10_000),
    noData: fc.constantFrom('ok', 'keep', 'fire'),
    kpi: fc.constantFrom('response_time', 'response_time', 'response_time', 'longest_wait'),
  })
  .chain((one) =>
    fc.constantFrom(
      windowedRule(one),
      windowedRule({ ...one, comparison: 'below', recovery: one.threshold + 10 }),
    ),
  )
const often = <T>(
  arbitrary: fc.Arbitrary<T>,
  weight: number,
  seldom: fc.Arbitrary<T>,
): fc.Arbitrary<T> => fc.oneof({ arbitrary, weight }, { arbitrary: seldom, weight: 1 })

const anyLooks = fc
  .array(
    fc.record({
      afterMs: often(
        fc.constantFrom(0, 5_000, 10_000),
        6,
        fc.constantFrom(60_000, 60_001, 600_000),
      ),
      change: often(
        fc.constant<WindowedRule | null | undefined>(undefined),
        6,
        fc.option(anyRule, { freq: 4 }),
      ),
      value: often(
        fc.constantFrom<number | null>(10, 41, 50),
        2,
        fc.constantFrom(null, null, 20, 25, 30, 31, 35),
      ),
      within: often(fc.constant(true), 8, fc.constant(false)),
      crashes: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .chain((steps) =>
    anyRule.map((first) => {
      let nowMs: number = at(0)
      let rule: WindowedRule | null = first
      return steps.map(({ afterMs, change, ...step }): Look => {
        nowMs += afterMs
        if (change !== undefined) rule = change
        return { ...step, nowMs: nowMs as EpochMs, rule }
      })
    }),
  )

test('whatever is seen, and whatever crashes, alerts begin and end as their definition over the whole history says', () => {
  fc.assert(
    fc.property(anyLooks, (looks) => {
      expect(decided(looks)).toEqual(expected(looks))
    }),
    { numRuns: 1_000 },
  )
})

test('at most one alert of a rule and slice is active, and each has the next number', () => {
  fc.assert(
    fc.property(anyLooks, (looks) => {
      decided(looks).forEach(({ what, number }, index) => {
        expect(what === 'firing').toBe(index % 2 === 0)
        expect(number).toBe(Math.floor(index / 2) + 1)
      })
    }),
  )
})
