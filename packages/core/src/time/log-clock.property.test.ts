import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clockTime,
  clockToleranceMs,
  judge,
  jumpStandsMs,
  passTime,
  type LogClock,
  type Stamp,
} from './log-clock.ts'
import { beginMs, empty, frameAt, judged, passed, type Off } from './log-clock.test-support.ts'
import { dayMs, type EpochMs } from './time.ts'

const far = fc.integer({ min: -3 * dayMs, max: 3 * dayMs })
const steps = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 2, maxLength: 120 })
const apart = fc.oneof(
  fc.integer({ min: -10_000, max: 10_000 }),
  fc.integer({ min: -90_000, max: 90_000 }),
  far,
)
const names = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 20 })

/** Frames of a few senders that come in the order of their times; `offOf`: what each is off by. */
function framesOf(
  gapsMs: readonly number[],
  senders: readonly string[],
  offOf: (rightMs: number, index: number) => Off,
): Stamp[] {
  let rightMs = 0
  return gapsMs.map((gapMs, index) =>
    frameAt((rightMs += gapMs), offOf(rightMs, index), senders[index % senders.length]),
  )
}

const everyState = (stamps: readonly Stamp[], from = empty): LogClock[] => {
  let clock = from
  return stamps.map((stamp) => (clock = judge(clock, stamp)))
}

const first = frameAt(0, {}, 'a')

test('one wrong witness a frame, whichever it is each time, never moves log time further than the tolerance from the right time', () => {
  const wrong = fc.record({ which: fc.constantFrom('append', 'wall'), byMs: far })
  fc.assert(
    fc.property(
      steps,
      names,
      fc.array(wrong, { minLength: 1, maxLength: 40 }),
      (gaps, senders, wrongs) => {
        const stamps = framesOf(gaps, senders, (_, index) => {
          const { which, byMs } = wrongs[index % wrongs.length]!
          return { [which]: byMs }
        })
        let rightMs = 0
        const known = judged(['a', 'b', 'c'].map((name) => frameAt(0, {}, name)))
        for (const [index, clock] of everyState(stamps, known).entries()) {
          rightMs += gaps[index]!
          expect(Math.abs(passed(clock) - rightMs)).toBeLessThanOrEqual(clockToleranceMs)
        }
      },
    ),
  )
})

test('both clocks wrong for less than half a minute, by whatever, never move it', () => {
  fc.assert(
    fc.property(
      steps,
      far,
      fc.nat({ max: 60_000 }),
      fc.integer({ min: 1, max: jumpStandsMs - 1 }),
      (gaps, byMs, fromMs, forMs) => {
        fc.pre(Math.abs(byMs) > clockToleranceMs)
        const stamps = framesOf(gaps, ['a'], (rightMs) =>
          rightMs >= fromMs && rightMs < fromMs + forMs ? { append: byMs, wall: byMs } : {},
        )
        let rightMs = 0
        for (const [index, clock] of everyState(stamps, judged([first])).entries())
          expect(passed(clock)).toBe((rightMs += gaps[index]!))
      },
    ),
  )
})

test('a jump that lasts is followed by the clocks when it has stood for half a minute, ahead or back', () => {
  fc.assert(
    fc.property(steps, far, (gaps, byMs) => {
      fc.pre(Math.abs(byMs) > clockToleranceMs)
      let rightMs = 0
      const stamps = framesOf(gaps, ['a'], () => ({ append: byMs, wall: byMs }))
      for (const [index, clock] of everyState(stamps, judged([first])).entries()) {
        rightMs += gaps[index]!
        const isFollowed = rightMs - gaps[0]! >= jumpStandsMs
        expect(clockTime(clock) - beginMs).toBe(isFollowed ? rightMs + byMs : rightMs)
      }
    }),
  )
})

const maybe = <Value>(of: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(of, { nil: null })

test('frames of a clock that several senders share, late by whatever, never move it further than the tolerance from the right time', () => {
  const delays = fc.array(maybe(fc.integer({ min: 1, max: 3 * dayMs })), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(steps, names, delays, (gaps, senders, lates) => {
      const start = judged([first, frameAt(4 * dayMs, {}, 'a')])
      let rightMs = 4 * dayMs
      let clock = start
      for (const [index, gapMs] of gaps.entries()) {
        rightMs += gapMs
        const lateMs = lates[index % lates.length] ?? 0
        if (lateMs > 0)
          clock = judge(
            clock,
            frameAt(rightMs - lateMs, { append: lateMs }, senders[index % senders.length]),
          )
        clock = judge(clock, frameAt(rightMs, {}, 'a'))
        expect(Math.abs(passed(clock) - rightMs)).toBeLessThanOrEqual(clockToleranceMs)
      }
    }),
  )
})

test('machines with one name, their monotonic clocks apart by whatever, never move it further than the tolerance from the right time', () => {
  fc.assert(
    fc.property(
      steps,
      fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 40 }),
      apart,
      apart,
      (gaps, machines, second, third) => {
        const stamps = framesOf(gaps, ['a'], (_, index) => ({
          monotonic: [0, second, third][machines[index % machines.length]!]!,
        }))
        let rightMs = 0
        for (const [index, clock] of everyState(stamps, judged([first])).entries()) {
          rightMs += gaps[index]!
          expect(Math.abs(passed(clock) - rightMs)).toBeLessThanOrEqual(clockToleranceMs)
        }
      },
    ),
  )
})

const anyStamp = fc.record({
  appendedAtMs: fc.integer({ min: 0, max: 10 * dayMs }).map((ms) => (beginMs + ms) as EpochMs),
  sender: fc.option(
    fc.record({
      name: fc.constantFrom('a', 'b', '__proto__'),
      wallMs: fc.integer({ min: 0, max: 10 * dayMs }).map((ms) => (beginMs + ms) as EpochMs),
      monotonicMs: fc.nat({ max: 200_000 }),
    }),
    { nil: undefined },
  ),
})

test('log time never goes back, is never behind the clocks that move it, and a state that was stored goes on as it was', () => {
  fc.assert(
    fc.property(
      fc.array(anyStamp, { maxLength: 60 }),
      fc.nat({ max: 10 * dayMs }),
      (stamps, aheadMs) => {
        let clock = passTime(empty, (beginMs + aheadMs) as EpochMs)
        for (const stamp of stamps) {
          const stored = JSON.parse(JSON.stringify(clock)) as LogClock
          const next = judge(clock, stamp)
          expect(judge(stored, stamp)).toEqual(next)
          expect(next.nowMs).toBeGreaterThanOrEqual(Math.max(clock.nowMs, clockTime(next)))
          clock = next
        }
      },
    ),
  )
})
