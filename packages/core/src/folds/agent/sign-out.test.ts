import { describe, expect, test } from 'vitest'
import { minuteMs } from '../../time/time.ts'
import { foldAgentDay } from './fold-agent-day.ts'
import {
  at,
  call,
  engaged,
  rowTotals,
  impatient,
  input,
  join,
  minutesByClass,
  minutesOf,
  state,
  timeouts,
} from './oracle.test-support.ts'

describe('a sign-in without sign-out', () => {
  const signedIn = [state(0, 'available')]
  const briefShift = { ...timeouts, agentShiftMaxMs: 100 * minuteMs }
  test.each([
    {
      rule: 'ends 16 h after it where nothing more is heard',
      minutes: { available: 960 },
      by: 'shift-max',
    },
    {
      rule: 'ends 16 h after the last event of the agent, not after the sign-in',
      events: [...signedIn, join(20, 'a')],
      minutes: { available: 980 },
      by: 'shift-max',
    },
    {
      rule: 'is postponed by a contact that names the agent',
      engagements: [engaged('c', 950, 955)],
      config: { ...timeouts, agentShiftMaxMs: 950 * minuteMs },
      minutes: { available: 1_435, handling: 5 },
      by: null,
    },
    {
      rule: 'is postponed by a mention at the very instant of the timeout',
      config: briefShift,
      engagements: [engaged('c', 100, 101)],
      minutes: { available: 199, handling: 1 },
      by: 'shift-max',
    },
    {
      rule: 'ends at the last heartbeat plus the timeout',
      largestHeartbeatMs: at(200),
      minutes: { available: 202 },
      by: 'heartbeat',
    },
    {
      rule: 'does not end as long as heartbeats come, however long it is',
      config: briefShift,
      largestHeartbeatMs: at(1_400),
      minutes: { available: 1_402 },
      by: 'heartbeat',
    },
    {
      rule: 'ends by heartbeat also while chats mention the agent',
      largestHeartbeatMs: at(5),
      engagements: [engaged('c', 6, 30)],
      minutes: { available: 6, handling: 1 },
      by: 'heartbeat',
    },
    {
      rule: 'does not end in a call, but right after it, where heartbeats stopped meanwhile',
      largestHeartbeatMs: at(5),
      engagements: [call('c', 6, 30)],
      minutes: { available: 6, handling: 24 },
      by: 'heartbeat',
    },
    {
      rule: 'does not end in a call that is longer than the shift',
      config: briefShift,
      engagements: [call('c', 6, 300)],
      minutes: { available: 6, handling: 294 },
      by: 'shift-max',
    },
    {
      rule: 'ends during a chat that is longer than the shift',
      config: briefShift,
      engagements: [engaged('c', 6, 300)],
      minutes: { available: 6, handling: 100 },
      by: 'shift-max',
    },
    {
      rule: 'ends after the configured silence',
      events: [...signedIn, join(20, 'a')],
      config: impatient,
      minutes: { available: 80 },
      by: 'silence',
    },
    {
      rule: 'ends by a silence that ends with the shift',
      config: { ...impatient, agentShiftMaxMs: 60 * minuteMs },
      minutes: { available: 60 },
      by: 'silence',
    },
  ])('$rule', ({ by, minutes, events = signedIn, ...parts }) => {
    const fold = foldAgentDay(input({ events, ...parts }))
    const atMs = at(Object.values(minutes).reduce((sum, part) => sum + part))
    expect(minutesByClass(rowTotals(fold.rows))).toEqual(minutes)
    expect(fold.signOuts).toEqual(by === null ? [] : [{ atMs, by }])
    if (by === null) return
    expect(fold.open).toEqual([{ kind: 'agent.offline', sinceMs: atMs }])
    expect(fold.carryOut).toMatchObject({ state: 'offline', signedInAtMs: null, signedOutBy: by })
  })

  test('available from 09:00 to 17:00 with three short calls is 28,800,000 ms signed in, whatever the gaps', () => {
    const events = [state(540, 'available'), state(1_020, 'offline')]
    const engagements = [call('c-1', 545, 548), call('c-2', 700, 704), call('c-3', 1_010, 1_015)]
    const minutes = minutesOf({ events, engagements })
    expect(minutes).toEqual({ available: 468, handling: 12 })
    expect((minutes['available']! + minutes['handling']!) * minuteMs).toBe(28_800_000)
  })

  test('a meal of two hours stands', () => {
    const fold = foldAgentDay(
      input({ events: [state(600, 'available'), state(720, 'meal')], untilMs: at(840) }),
    )
    expect(fold.open[0]).toEqual({ kind: 'agent.meal', sinceMs: at(720) })
    expect(minutesOf({ events: [state(720, 'meal'), state(840, 'offline')] })).toEqual({
      not_ready: 120,
    })
  })

  test('a later state signs in again', () => {
    const events = [state(0, 'available'), state(100, 'break'), state(110, 'offline')]
    expect(minutesOf({ events, config: impatient })).toEqual({ available: 60, not_ready: 10 })
  })

  test('a heartbeat before the sign-in says nothing about it', () => {
    expect(minutesOf({ events: [state(10, 'available')], largestHeartbeatMs: at(9) })).toEqual({
      available: 960,
    })
  })

  test('a sign-out after long silence stands where heartbeats came later: the source sends them', () => {
    const events = [
      state(0, 'available'),
      state(90, 'offline'),
      state(120, 'available'),
      state(125, 'offline'),
    ]
    expect(minutesOf({ events, config: impatient, largestHeartbeatMs: at(124) })).toEqual({
      available: 95,
    })
  })

  test('said offline after a timeout, the agent has been offline since the timeout', () => {
    const fold = foldAgentDay(
      input({ events: [state(0, 'available'), state(90, 'offline')], config: impatient }),
    )
    expect(fold.open).toEqual([{ kind: 'agent.offline', sinceMs: at(60) }])
  })
})

describe('a contact after a sign-out by timeout', () => {
  const signedIn = [state(0, 'available')]
  test.each([
    {
      rule: 'signs the agent in again, in its last states: silence was a guess',
      engagements: [engaged('c', 70, 75)],
      minutes: { available: 60 + 55, handling: 5 },
    },
    {
      rule: 'signs nobody in before it engages the agent: it may ring at an empty desk',
      engagements: [
        { contactId: 'c', spans: [{ startMs: at(80), endMs: at(85) }], mentionsMs: [at(70)] },
      ],
      minutes: { available: 60 },
    },
    {
      rule: 'signs nobody in by what its customer writes in a conversation that was left open',
      engagements: [
        {
          contactId: 'c',
          spans: [
            { startMs: at(0), endMs: at(5) },
            { startMs: at(80), endMs: at(85) },
          ],
          mentionsMs: [at(0)],
        },
      ],
      minutes: { available: 55, handling: 5 },
    },
    {
      rule: 'signs nobody in who said offline',
      events: [...signedIn, state(65, 'offline')],
      engagements: [engaged('c', 70, 75)],
      minutes: { available: 60 },
    },
    {
      rule: 'signs nobody in whose heartbeats stopped: the source says that the agent is gone',
      largestHeartbeatMs: at(50),
      engagements: [engaged('c', 70, 75)],
      minutes: { available: 52 },
    },
  ])('$rule', ({ minutes, events = signedIn, ...parts }) => {
    expect(minutesOf({ events, config: impatient, ...parts })).toEqual(minutes)
  })
})
