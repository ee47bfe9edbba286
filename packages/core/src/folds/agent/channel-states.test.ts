import { describe, expect, test } from 'vitest'
import { foldAgentDay, type AgentDayInput } from './fold-agent-day.ts'
import { at, engaged, impatient, input, minutesOf, on, state } from './oracle.test-support.ts'

describe('states by channel', () => {
  test.each([
    {
      rule: 'an agent is signed in while any channel is',
      events: [on('chat', 0, 'available'), on('voice', 10, 'offline'), on('chat', 30, 'offline')],
      minutes: { available: 30 },
    },
    {
      rule: 'an agent has the busiest class of them',
      events: [
        on('chat', 0, 'break'),
        on('voice', 5, 'available'),
        on('voice', 10, 'on_contact'),
        on('voice', 20, 'offline'),
        state(40, 'offline'),
      ],
      minutes: { not_ready: 25, available: 5, handling: 10 },
    },
    {
      rule: 'a state without a channel replaces those of all',
      events: [
        on('chat', 0, 'available'),
        on('voice', 0, 'on_contact'),
        state(10, 'break'),
        on('chat', 20, 'offline'),
        state(30, 'offline'),
      ],
      minutes: { handling: 10, not_ready: 20 },
    },
    {
      rule: 'a state of one channel leaves the others in that of all',
      events: [state(0, 'available'), on('voice', 10, 'break'), state(30, 'offline')],
      minutes: { available: 30 },
    },
    {
      rule: 'a timeout signs out of all channels: the next one that is told is the only one',
      events: [on('chat', 0, 'available'), on('voice', 100, 'break'), on('voice', 110, 'offline')],
      config: impatient,
      minutes: { available: 60, not_ready: 10 },
    },
    {
      rule: 'an agent that is only said to be offline somewhere is not signed in',
      events: [on('voice', 0, 'offline')],
      minutes: {},
    },
  ])('$rule', ({ minutes, ...parts }) => {
    expect(minutesOf(parts)).toEqual(minutes)
  })

  test('the one shown is that of the busiest class, within a class in a fixed order, since it is shown', () => {
    const events = [
      on('chat', 0, 'meal'),
      on('voice', 10, 'break'),
      on('email', 20, 'available'),
      on('email', 30, 'offline'),
    ]
    const shownAt = (minute: number) => foldAgentDay(input({ events, untilMs: at(minute) })).open[0]
    expect([5, 15, 25, 35].map(shownAt)).toEqual([
      { kind: 'agent.meal', sinceMs: at(0) },
      { kind: 'agent.break', sinceMs: at(10) },
      { kind: 'agent.available', sinceMs: at(20) },
      { kind: 'agent.break', sinceMs: at(30) },
    ])
  })
})

describe('an agent is free', () => {
  const isFree = (parts: Partial<AgentDayInput>): boolean =>
    foldAgentDay(input({ untilMs: at(20), ...parts })).open.some(
      ({ kind }) => kind === 'agent-free',
    )
  const chats = (count: number) =>
    Array.from({ length: count }, (_, index) => engaged(`c-${index}`, 10, null))
  const three = { capacity: { chat: 3 } }
  test.each([
    { rule: 'available without a contact', events: [state(0, 'available')], free: [true, false] },
    {
      rule: 'with fewer contacts than its capacity',
      events: [state(0, 'available', three)],
      free: [true, true, true, false],
    },
    {
      rule: 'not without capacity',
      events: [state(0, 'available', { capacity: { chat: 0 } })],
      free: [false],
    },
    { rule: 'not on a break', events: [state(0, 'break', three)], free: [false] },
    {
      rule: 'not on contact, whatever fits beside it',
      events: [state(0, 'on_contact', three)],
      free: [false],
    },
    {
      rule: 'by the sum over its channels',
      events: [
        on('chat', 0, 'available', three),
        on('voice', 1, 'available', { capacity: { voice: 1 } }),
      ],
      free: [true, true, true, true, false],
    },
    {
      rule: 'by the capacity told last of a channel, also when the state is told again without it',
      events: [
        on('chat', 0, 'available', three),
        on('chat', 1, 'available', { capacity: { chat: 1 } }),
        on('chat', 2, 'available'),
      ],
      free: [true, false],
    },
    {
      rule: 'by the capacity told with the state of all channels, which replaces the others',
      events: [
        on('voice', 0, 'available', { capacity: { voice: 5 } }),
        state(1, 'available', { capacity: { chat: 1 } }),
      ],
      free: [true, false],
    },
  ])('$rule', ({ events, free }) => {
    expect(free.map((_, contacts) => isFree({ events, engagements: chats(contacts) }))).toEqual(
      free,
    )
  })
})
