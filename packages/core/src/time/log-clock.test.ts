import { describe, expect, test } from 'vitest'
import {
  type ClockProblem,
  clockTime,
  isAstray,
  judge,
  latestPlausible,
  newLogClock,
  passTime,
  type Stamp,
} from './log-clock.ts'
import { beats, beginMs, empty, frameAt, judged, passed } from './log-clock.test-support.ts'
import { hourMs, minuteMs, type EpochMs } from './time.ts'

const second = 1_000

describe('log time follows the middle one of append time, wall clock and continuity', () => {
  test.each([
    { rule: 'an append time far ahead moves nothing', off: { append: hourMs } },
    { rule: 'an append time far behind moves nothing', off: { append: -hourMs } },
    { rule: 'a wall clock far ahead moves nothing', off: { wall: 2 * hourMs } },
    { rule: 'a wall clock far behind moves nothing', off: { wall: -2 * hourMs } },
    {
      rule: 'a monotonic clock that stood still moves nothing where others go on',
      off: { monotonic: -second },
    },
  ])('$rule', ({ off }) => {
    const before = judged(beats(0, minuteMs))
    expect(passed(judge(before, frameAt(minuteMs, off)))).toBe(minuteMs)
  })

  test('small corrections are followed at once', () => {
    const before = judged(beats(0, minuteMs))
    expect(passed(judge(before, frameAt(minuteMs, { append: 4 * second, wall: 4 * second })))).toBe(
      minuteMs + 4 * second,
    )
  })

  test('a frame that was long under way is of the time at which it was sealed', () => {
    const before = judged(beats(0, minuteMs))
    expect(passed(judge(before, frameAt(minuteMs, { append: 20 * second })))).toBe(minuteMs)
  })

  test('of an empty log the earlier one of both clocks is right', () => {
    expect(passed(judged([frameAt(0, { wall: hourMs })]))).toBe(0)
    expect(passed(judged([frameAt(0, { append: hourMs })]))).toBe(0)
  })

  test('time that an ingest was away is measured by the monotonic clock of its machine', () => {
    const after = judge(judged(beats(0, minuteMs)), frameAt(9 * hourMs))
    expect(passed(after)).toBe(9 * hourMs)
    expect([after.problem, after.skipped]).toEqual([null, null])
  })
})

describe('where both clocks jump', () => {
  test('ahead for a moment, log time goes on by the monotonic clock as if nothing had been', () => {
    const during = judged([
      ...beats(0, minuteMs),
      ...beats(minuteMs, minuteMs + 1_200, 10 * minuteMs),
    ])
    expect(passed(during)).toBe(minuteMs + 1_000)
    expect(during.problem).toEqual({
      kind: 'jump',
      byMs: 10 * minuteMs,
      sinceMs: beginMs + minuteMs,
    })
    const after = judged(beats(minuteMs + 1_250, minuteMs + 1_500), during)
    expect(passed(after)).toBe(minuteMs + 1_250)
    expect([after.problem, after.skipped]).toEqual([null, null])
  })

  test('for good, as in a machine that slept, log time follows after half a minute, and says what it leapt over', () => {
    const before = judged(beats(0, minuteMs))
    const almost = judged(beats(minuteMs, minuteMs + 30 * second, 3 * hourMs), before)
    expect([passed(almost), almost.problem?.kind]).toEqual([minuteMs + 30 * second - 250, 'jump'])
    const after = judge(
      almost,
      frameAt(minuteMs + 30 * second, { append: 3 * hourMs, wall: 3 * hourMs }),
    )
    expect(passed(after)).toBe(3 * hourMs + minuteMs + 30 * second)
    const startMs = beginMs + minuteMs + 30 * second
    expect(after).toMatchObject({
      problem: null,
      skipped: { startMs, endMs: startMs + 3 * hourMs },
    })
  })

  test('back for good, log time stands after half a minute until the clocks have caught up, and says so', () => {
    const put = judged([...beats(0, minuteMs), ...beats(minuteMs, 2 * minuteMs, -hourMs)])
    expect(passed(put)).toBe(minuteMs + 30 * second - 250)
    expect(put.problem).toMatchObject({
      kind: 'ahead',
      sinceMs: beginMs + minuteMs + 30 * second - hourMs,
    })
    expect(clockTime(put)).toBe(beginMs + 2 * minuteMs - 250 - hourMs)
    const still = judge(put, frameAt(hourMs + minuteMs, { append: -hourMs, wall: -hourMs }))
    expect([passed(still), still.problem]).toEqual([passed(put), put.problem])
    const caughtUp = judge(put, frameAt(hourMs + 2 * minuteMs, { append: -hourMs, wall: -hourMs }))
    expect([passed(caughtUp), caughtUp.problem]).toEqual([2 * minuteMs, null])
  })

  test('to another time again before the half minute is over, it begins anew', () => {
    const twice = [
      ...beats(0, 10 * second),
      ...beats(10 * second, 30 * second, hourMs),
      ...beats(30 * second, 59 * second, 2 * hourMs),
    ]
    expect(passed(judged(twice))).toBe(59 * second - 250)
    expect(
      passed(judged(beats(59 * second, 61 * second, 2 * hourMs), judged(twice))),
    ).toBeGreaterThan(2 * hourMs)
  })

  test('to where another sender has brought log time, it is followed at once', () => {
    const slept = [...beats(0, 250, 0, 'sleeps'), ...beats(250, minuteMs, 0, 'awake')]
    const woken = frameAt(minuteMs, { monotonic: -50 * second }, 'sleeps')
    expect(judge(judged(slept), woken)).toMatchObject({ nowMs: beginMs + minuteMs, problem: null })
  })
})

describe('a monotonic clock that was never heard', () => {
  test('goes on from where the log is: a real-time clock in local time at the start does not count', () => {
    const yesterday = judged(beats(0, minuteMs, 0, 'yesterday'))
    const night = 14 * hourMs
    const local = judged(beats(night, night + 10 * second, 8 * hourMs, 'today'), yesterday)
    expect([passed(local), local.problem?.kind]).toEqual([minuteMs + 9_500, 'silence'])
    const right = judged(beats(night + 10 * second, night + 41 * second, 0, 'today'), local)
    expect(passed(right)).toBe(night + 41 * second - 250)
    expect(right.problem).toBeNull()
  })

  test('beside others is followed from its first frame on', () => {
    const after = judge(judged(beats(0, minuteMs)), frameAt(minuteMs, {}, 'other'))
    expect([passed(after), after.problem]).toEqual([minuteMs, null])
  })

  test('is also one that is far before where it was: a machine put back to a snapshot', () => {
    const before = judged(beats(0, minuteMs))
    const after = judged(
      [
        frameAt(minuteMs, { monotonic: -10 * minuteMs }),
        frameAt(minuteMs + 250, { monotonic: -10 * minuteMs }),
      ],
      before,
    )
    expect([passed(after), after.problem]).toEqual([minuteMs + 250, null])
  })

  test('where a wrong clock was followed before a restart, stands against it and is followed back', () => {
    const wrong = judged([...beats(0, 250, 0, 'a'), ...beats(250, minuteMs, 8 * hourMs, 'a')])
    expect(passed(wrong)).toBeGreaterThan(8 * hourMs)
    const after = judged(beats(minuteMs, 2 * minuteMs, 0, 'b'), wrong)
    expect([clockTime(after), after.problem?.kind]).toEqual([beginMs + 2 * minuteMs - 250, 'ahead'])
  })
})

test('a frame that is sent again changes nothing for those after it', () => {
  const before = judged(beats(0, minuteMs))
  expect(judge(before, frameAt(minuteMs - 2 * second, { append: 3 * second }))).toEqual(before)
})

test.each([59 * second, 70 * second, 2 * hourMs])(
  'a frame that comes %i ms late, of a process that was frozen, moves nothing',
  (lateMs) => {
    const before = judged([...beats(0, minuteMs), ...beats(lateMs, lateMs + 2 * minuteMs)])
    const nowMs = lateMs + 2 * minuteMs
    const after = judge(before, frameAt(nowMs - lateMs, { append: lateMs }))
    expect(after).toEqual(before)
    expect(passed(judge(after, frameAt(nowMs)))).toBe(nowMs)
  },
)

test.each([-10 * minuteMs, 10 * minuteMs, 20 * second])(
  'two machines with one name, %i ms apart, are told from each other',
  (apartMs) => {
    const both = beats(minuteMs, 2 * minuteMs).flatMap((_, beat) => {
      const atMs = minuteMs + 250 * beat
      return [frameAt(atMs), frameAt(atMs + 100, { monotonic: apartMs })]
    })
    const after = judged(both, judged(beats(0, minuteMs)))
    expect([passed(after), after.problem]).toEqual([2 * minuteMs - 150, null])
  },
)

test('of two clocks of one name the one goes on that leads to where the frame says it is, though the other leads nearer to the log', () => {
  const both = beats(0, 2 * minuteMs).flatMap((_, beat) => [
    frameAt(250 * beat),
    frameAt(250 * beat + 100, { monotonic: 10 * minuteMs }),
  ])
  const later = 2 * minuteMs + 30 * minuteMs
  expect(passed(judge(judged(both), frameAt(later, { append: -30 * minuteMs })))).toBe(later)
})

test('when clocks that were put back are followed, those are forgotten that were judged by what was wrong', () => {
  const followedMs = 90 * second - hourMs
  const known = (otherMs: number): readonly string[] => {
    const before = [
      frameAt(otherMs, {}, 'other'),
      ...beats(0, minuteMs),
      frameAt(minuteMs, {}, 'wrong'),
    ]
    const clock = judged([...before, ...beats(minuteMs, 90 * second + 250, -hourMs)])
    return Object.keys(clock.clocks).toSorted()
  }
  expect(known(followedMs + 5 * second)).toEqual(['boot', 'other'])
  expect(known(followedMs + 5 * second + 1)).toEqual(['boot'])
})

test.each([
  { backMs: minuteMs, clocks: 1, rule: 'one minute back it may be sent again' },
  { backMs: minuteMs + 1, clocks: 2, rule: 'further back it is of another machine with that name' },
])('a frame that no clock vouches for: $rule', ({ backMs, clocks }) => {
  const before = judged([...beats(0, 2 * minuteMs), frameAt(2 * minuteMs)])
  const after = judge(before, frameAt(2 * minuteMs - backMs, { append: hourMs, wall: -hourMs }))
  expect([after.clocks['boot']?.length, passed(after)]).toEqual([clocks, 2 * minuteMs])
})

test('only so many clocks of one name are remembered', () => {
  const many = Array.from({ length: 20 }, (_, copy) =>
    frameAt(10 * copy, { monotonic: -hourMs * copy }),
  )
  expect(judged(many).clocks['boot']).toHaveLength(4)
})

describe('a clock that is off and is not followed', () => {
  const lasting = (off: { append?: number; wall?: number }, toMs: number): Stamp[] =>
    Array.from({ length: toMs / 250 }, (_, beat) => frameAt(250 * (beat + 1), off))

  test.each([
    { off: { append: hourMs }, kind: 'append', byMs: hourMs },
    { off: { wall: -hourMs }, kind: 'sender', byMs: -hourMs },
  ])('is told of when it has been so for half a minute: $kind', ({ off, kind, byMs }) => {
    const first = judged([frameAt(0)])
    expect(judged(lasting(off, 30 * second), first).problem).toBeNull()
    const told = judged(lasting(off, 31 * second), first)
    expect(told.problem).toEqual({ kind, byMs, sinceMs: beginMs + 30 * second + 250 })
    expect(passed(told)).toBe(31 * second)
    expect(judge(told, frameAt(32 * second)).problem).toBeNull()
  })

  test('is told of no more when it is not heard for longer than a quarter of a minute', () => {
    const told = judged([
      frameAt(0),
      ...lasting({ wall: hourMs }, minuteMs),
      frameAt(minuteMs, {}, 'other'),
    ])
    const later = (ms: number) => judge(told, frameAt(minuteMs + ms, {}, 'other')).problem?.kind
    expect([later(0), later(15 * second), later(15 * second + 1)]).toEqual([
      'sender',
      'sender',
      undefined,
    ])
  })

  test.each([
    [20 * second, -hourMs],
    [-hourMs, 20 * second],
  ])('of two that are off the one that is further off is told: %i and %i ms', (oneMs, otherMs) => {
    const both = Array.from({ length: 160 }, (_, beat) => [
      frameAt(250 * beat, { wall: oneMs }, 'one'),
      frameAt(250 * beat, { wall: otherMs }, 'other'),
    ])
    const { problem } = judged([
      ...beats(-minuteMs, 0, 0, 'one'),
      ...beats(-minuteMs, 0, 0, 'other'),
      ...both.flat(),
    ])
    expect(problem).toMatchObject({ kind: 'sender' })
    expect(problem!.byMs).toBeLessThan(-hourMs + second)
  })
})

describe('a record that says nothing of clocks', () => {
  const old = (rightMs: number): Stamp => ({ appendedAtMs: (beginMs + rightMs) as EpochMs })

  test('moves log time where no clocks are known, and never back', () => {
    expect([old(10), old(5)].reduce(judge, empty).nowMs).toBe(beginMs + 10)
  })

  test('moves nothing beside others that do', () => {
    const before = judged(beats(0, minuteMs))
    expect(judge(before, old(hourMs))).toMatchObject({
      nowMs: before.nowMs,
      clocks: before.clocks,
      problem: null,
    })
    const beside = Array.from({ length: 240 }, (_, beat) => [
      old(hourMs + 250 * beat),
      frameAt(minuteMs + 250 * beat),
    ])
    expect(passed(judged(beside.flat(), before))).toBe(2 * minuteMs - 250)
  })

  const oldBeats = (fromMs: number, toMs: number): Stamp[] =>
    beats(fromMs, toMs).map(({ appendedAtMs }) => ({ appendedAtMs }))

  test('moves log time again when there have been only such ones for half a minute, as of an ingest put back to an older version', () => {
    const before = judged(beats(0, minuteMs))
    const waiting = judged(oldBeats(minuteMs, minuteMs + 30 * second), before)
    expect([passed(waiting), waiting.problem?.kind]).toEqual([minuteMs - 250, 'silence'])
    const after = judge(waiting, old(minuteMs + 30 * second))
    expect(after).toMatchObject({
      nowMs: beginMs + minuteMs + 30 * second,
      problem: null,
      skipped: { startMs: before.nowMs, endMs: after.nowMs },
    })
    expect(clockTime(after)).toBe(after.nowMs)
    const later = judged(oldBeats(minuteMs + 30 * second, hourMs), after)
    expect([passed(later), later.problem, later.skipped]).toEqual([
      hourMs - 250,
      null,
      after.skipped,
    ])
    expect(judge(later, frameAt(hourMs))).toMatchObject({
      nowMs: beginMs + hourMs,
      problem: null,
      unclocked: null,
    })
  })

  test('and jumps, is followed only when that has stood for half a minute', () => {
    const before = judged([...beats(0, minuteMs), ...oldBeats(minuteMs, 2 * minuteMs)])
    const during = judged(oldBeats(9 * hourMs, 9 * hourMs + 30 * second), before)
    expect([passed(during), during.problem?.kind]).toEqual([2 * minuteMs - 250, 'silence'])
    expect(passed(judge(during, old(9 * hourMs + 30 * second)))).toBe(9 * hourMs + 30 * second)
    const undone = judged(oldBeats(2 * minuteMs, 3 * minuteMs), during)
    expect([passed(undone), undone.problem]).toEqual([3 * minuteMs - 250, null])
  })

  test('and is behind the log, says that log time stands', () => {
    const after = judged([
      ...beats(0, minuteMs),
      ...oldBeats(minuteMs - hourMs, 2 * minuteMs - hourMs),
    ])
    expect([passed(after), after.problem?.kind]).toEqual([minuteMs - 250, 'ahead'])
  })
})

test('an event is from the future beyond all that its record makes plausible, whether or not log time follows', () => {
  const before = judged(beats(0, minuteMs))
  const latest = (stamp: Stamp): number => latestPlausible(stamp, judge(before, stamp)) - beginMs
  expect(latest(frameAt(minuteMs))).toBe(minuteMs)
  expect(latest(frameAt(minuteMs, { append: hourMs, wall: hourMs }))).toBe(minuteMs + hourMs)
  expect(latest(frameAt(minuteMs, { append: -hourMs, wall: -hourMs }))).toBe(minuteMs)
  // A clock not heard before, and a broker that is behind: the wall clock alone is right.
  expect(latest(frameAt(9 * hourMs, { append: -hourMs }, 'other'))).toBe(9 * hourMs)
  expect(latest({ appendedAtMs: (beginMs + 1) as EpochMs })).toBe(minuteMs - 250)
})

test('only so many clocks are remembered, those heard last', () => {
  const many = Array.from({ length: 50 }, (_, boot) => frameAt(10 * boot, {}, `boot-${boot}`))
  const names = Object.keys(judged(many).clocks)
  expect(names).toHaveLength(32)
  expect(names).toContain('boot-49')
})

test('time that no record brought passes, and is not taken back', () => {
  const clock = newLogClock(5 as EpochMs)
  expect(passTime(clock, 9 as EpochMs).nowMs).toBe(9)
  expect(passTime(clock, 3 as EpochMs)).toBe(clock)
})

test.each<{ kind: ClockProblem['kind']; astray: boolean }>([
  { kind: 'ahead', astray: true },
  { kind: 'jump', astray: true },
  { kind: 'silence', astray: true },
  { kind: 'append', astray: false },
  { kind: 'sender', astray: false },
])('log time is astray with a problem of kind $kind: $astray', ({ kind, astray }) => {
  expect(isAstray({ kind, byMs: hourMs, sinceMs: 0 as EpochMs })).toBe(astray)
})
