import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOfRow } from '../../subjects/row.ts'
import { bucketStart, dayMs, minuteMs, slotMs, type EpochMs } from '../../time/time.ts'
import { foldAgentDay } from './fold-agent-day.ts'
import {
  agentEvent,
  anyDay,
  anyEngagements,
  anyEvents,
  anyTimeouts,
  at,
  dayStartMs,
  engaged,
  input,
  join,
  leave,
  minutesOf,
  movedBy,
  naiveTotals,
  readerTotals,
  state,
} from './oracle.test-support.ts'

describe('class of a millisecond', () => {
  test.each([
    {
      rule: 'available until offline',
      events: [state(0, 'available'), state(30, 'offline')],
      minutes: { available: 30 },
    },
    {
      rule: 'on contact and wrap-up are handling',
      events: [state(0, 'on_contact'), state(9, 'wrap_up'), state(10, 'offline')],
      minutes: { handling: 10 },
    },
    {
      rule: 'a break is not ready',
      events: [state(0, 'break'), state(10, 'offline')],
      minutes: { not_ready: 10 },
    },
    {
      rule: 'an engaged contact is handling, whatever the state',
      events: [state(0, 'break'), state(20, 'available'), state(40, 'offline')],
      engagements: [engaged('c', 10, 30)],
      minutes: { not_ready: 10, handling: 20, available: 10 },
    },
    {
      rule: 'several contacts at once count once',
      events: [state(0, 'available'), state(40, 'offline')],
      engagements: [engaged('c', 10, 30), engaged('d', 20, 35), engaged('e', 22, 24)],
      minutes: { available: 15, handling: 25 },
    },
    {
      rule: 'contacts that touch make no gap',
      events: [state(10, 'available'), state(40, 'offline')],
      engagements: [engaged('c', 10, 20), engaged('d', 20, 40)],
      minutes: { handling: 30 },
    },
    {
      rule: 'engaged time of an agent that is not signed in does not count',
      events: [state(20, 'available'), state(40, 'offline')],
      engagements: [engaged('c', 0, 30), engaged('d', 35, 60)],
      minutes: { handling: 15, available: 5 },
    },
    {
      rule: 'an agent whose state was never told counts nothing',
      events: [join(0, 'billing')],
      engagements: [engaged('c', 10, 30)],
      minutes: {},
    },
  ])('$rule', ({ minutes, ...parts }) => {
    expect(minutesOf(parts)).toEqual(minutes)
  })

  test('an agent whose state was never told has nothing open and no wake', () => {
    const fold = foldAgentDay(
      input({
        events: [join(0, 'billing')],
        engagements: [engaged('c', 10, null)],
        untilMs: at(20),
      }),
    )
    expect(fold).toMatchObject({ rows: [], open: [], nextWakeMs: null, contactsNow: 0 })
  })
})

describe('rows', () => {
  test('are cut at quarter-hours: 05:23 to 06:15 gives 7, 15, 15 and 15 minutes', () => {
    const { rows } = foldAgentDay(
      input({ events: [state(323, 'available'), state(375, 'offline')] }),
    )
    expect(rows.map(({ fromMs, toMs }) => (toMs - fromMs) / minuteMs)).toEqual([7, 15, 15, 15])
    expect(rows[0]).toMatchObject({ class: 'available', fromMs: at(323), credit: { agent: 'a-1' } })
    expect(rows[0]!.credit.queue).toBeUndefined()
  })

  test('are cut where the queues change, and name the queues joined, sorted', () => {
    const events = [
      state(0, 'available'),
      join(2, 'sales'),
      join(5, 'billing'),
      leave(8, 'sales'),
      state(10, 'offline'),
    ]
    const { rows } = foldAgentDay(input({ events }))
    expect(
      rows.map(({ fromMs, toMs, credit }) => [
        (fromMs - dayStartMs) / minuteMs,
        (toMs - dayStartMs) / minuteMs,
        credit.queue,
      ]),
    ).toEqual([
      [0, 2, undefined],
      [2, 5, ['sales']],
      [5, 8, ['billing', 'sales']],
      [8, 10, ['billing']],
    ])
  })

  test('are not cut where the state changes within a class, nor where a queue is left and joined at once', () => {
    const events = [
      state(0, 'break'),
      join(0, 'a'),
      state(2, 'meal'),
      leave(4, 'a'),
      agentEvent('agent.queue_joined', at(4), { queue: 'a' }, 'z'),
      state(10, 'offline'),
    ]
    events[4] = { ...events[4]!, sequence: '1' }
    expect(foldAgentDay(input({ events })).rows).toHaveLength(1)
  })

  test('a duration that goes on is in them up to the last quarter-hour, one that is over to its end', () => {
    const { rows, open, nextWakeMs } = foldAgentDay(
      input({ events: [state(0, 'available'), state(20, 'break')], untilMs: at(35) }),
    )
    expect(rows.map((row) => [row.class, row.fromMs, row.toMs])).toEqual([
      ['available', at(0), at(15)],
      ['available', at(15), at(20)],
      ['not_ready', at(20), at(30)],
    ])
    expect(open).toEqual([
      { kind: 'agent.break', sinceMs: at(20) },
      { kind: 'agent-class.not_ready', sinceMs: at(20) },
    ])
    expect(nextWakeMs).toBe(at(45))
  })

  test('an event ahead of log time waits for its instant', () => {
    const fold = foldAgentDay(
      input({ events: [state(0, 'available'), state(4, 'offline')], untilMs: at(2) }),
    )
    expect(fold).toMatchObject({
      rows: [],
      open: [
        { kind: 'agent.available' },
        { kind: 'agent-class.available' },
        { kind: 'agent-free' },
      ],
      nextWakeMs: at(4),
    })
  })

  test('the end of an engagement that lies ahead is a wake', () => {
    const fold = foldAgentDay(
      input({
        events: [state(0, 'available')],
        engagements: [engaged('c', 1, 12)],
        untilMs: at(5),
      }),
    )
    expect(fold).toMatchObject({
      contactsNow: 1,
      nextWakeMs: at(12),
      open: [
        { kind: 'agent.available', sinceMs: at(0) },
        { kind: 'agent-class.handling', sinceMs: at(1) },
      ],
    })
  })

  test('an instant before the day gives nothing, and wakes at its start', () => {
    const fold = foldAgentDay(input({ events: [state(0, 'available')], untilMs: at(-3) }))
    expect(fold).toMatchObject({ rows: [], open: [], nextWakeMs: dayStartMs })
  })
})

describe('against a minute-by-minute classification', () => {
  test('rows and the open class give a reader between two wakes the time of every class', () => {
    fc.assert(
      fc.property(anyDay, fc.nat(1440), (day, later) => {
        const fold = foldAgentDay(day)
        const untilWakeMinutes = ((fold.nextWakeMs ?? at(1440)) - day.untilMs) / minuteMs
        const asOfMs = (day.untilMs +
          Math.max(0, Math.min(later, untilWakeMinutes - 1)) * minuteMs) as EpochMs
        const expected = naiveTotals(day, asOfMs)
        const seen = readerTotals(fold, asOfMs)
        expect(seen).toEqual(expected.totals)
        expect(Object.values(seen).reduce((sum, part) => sum + part, 0)).toBe(expected.signedInMs)
      }),
      { numRuns: 300 },
    )
  })

  test('rows have keys of their own, lie in one quarter-hour, and do not overlap', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const { rows } = foldAgentDay(day)
        expect(new Set(rows.map(keyOfRow)).size).toBe(rows.length)
        let endMs = dayStartMs
        for (const row of rows) {
          expect(row.fromMs).toBeGreaterThanOrEqual(endMs)
          expect(row.toMs).toBeGreaterThan(row.fromMs)
          expect(bucketStart((row.toMs - 1) as EpochMs, slotMs)).toBe(
            bucketStart(row.fromMs, slotMs),
          )
          endMs = row.toMs
        }
      }),
    )
  })
})

test('between wakes nothing changes, and waking through the day ends as one fold of it', () => {
  fc.assert(
    fc.property(anyDay, fc.nat(), (day, pick) => {
      let fold = foldAgentDay(day)
      let untilMs = day.untilMs
      while (fold.nextWakeMs !== null) {
        const between = foldAgentDay({
          ...day,
          untilMs: (untilMs + (pick % (fold.nextWakeMs - untilMs))) as EpochMs,
        })
        expect(between).toEqual(fold)
        untilMs = fold.nextWakeMs
        fold = foldAgentDay({ ...day, untilMs })
      }
      const whole = foldAgentDay({ ...day, untilMs: at(1440) })
      expect(fold.rows).toEqual(whole.rows)
      expect(fold.open).toEqual(whole.open)
      expect(fold.signOuts).toEqual(whole.signOuts)
      expect(fold.contactsNow).toBe(whole.contactsNow)
    }),
    { numRuns: 40 },
  )
})

describe('over midnight', () => {
  const halfDayMs = dayMs / 2
  const noonToNoon = fc
    .record({ events: anyEvents(), engagements: anyEngagements(), config: anyTimeouts })
    .map(input)

  test('a night shift folded as two days is the same as one long fold', () => {
    fc.assert(
      fc.property(noonToNoon, (night) => {
        const move = (atMs: EpochMs): EpochMs => (atMs + halfDayMs) as EpochMs
        const midnightMs = (dayStartMs + dayMs) as EpochMs
        const moved = movedBy(night, move, dayStartMs)
        const isBefore = (event: { timeMs: EpochMs }): boolean => event.timeMs < midnightMs
        const evening = foldAgentDay({ ...moved, events: [...moved.events].filter(isBefore) })
        const morning = foldAgentDay({
          ...moved,
          dayStartMs: midnightMs,
          carryIn: evening.carryOut,
          events: [...moved.events].filter((event) => !isBefore(event)),
          untilMs: move(at(1439)),
        })
        const long = foldAgentDay({ ...night, untilMs: at(1439) })
        const span = (row: (typeof long.rows)[number], byMs: number) => [
          row.class,
          row.fromMs + byMs,
          row.toMs + byMs,
          row.credit,
        ]
        expect([...evening.rows, ...morning.rows].map((row) => span(row, 0))).toEqual(
          long.rows.map((row) => span(row, halfDayMs)),
        )
        expect(morning.open).toEqual(
          long.open.map(({ kind, sinceMs }) => ({ kind, sinceMs: move(sinceMs) })),
        )
        expect([...evening.signOuts, ...morning.signOuts]).toEqual(
          long.signOuts.map(({ atMs, by }) => ({ atMs: move(atMs), by })),
        )
      }),
    )
  })

  test('a signed-in agent is handed over at midnight, with heartbeats and since when', () => {
    const evening = foldAgentDay(
      input({
        events: [state(1300, 'available')],
        largestHeartbeatMs: at(1439),
        untilMs: at(1439),
      }),
    )
    expect(evening.nextWakeMs).toBe(at(1440))
    const { carryOut } = foldAgentDay(
      input({ events: [state(1300, 'available')], largestHeartbeatMs: at(1439) }),
    )
    const morning = input({ dayStartMs: at(1440), carryIn: carryOut })
    expect(foldAgentDay({ ...morning, untilMs: at(1440) }).open).toEqual([
      { kind: 'agent.available', sinceMs: at(1300) },
      { kind: 'agent-class.available', sinceMs: at(1300) },
      { kind: 'agent-free', sinceMs: at(1300) },
    ])
    expect(foldAgentDay({ ...morning, untilMs: at(1441) }).signOuts).toEqual([
      { atMs: at(1441), by: 'heartbeat' },
    ])
  })
})
