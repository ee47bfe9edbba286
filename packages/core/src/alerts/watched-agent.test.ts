import { describe, expect, test } from 'vitest'
import type { AgentState } from '../events/types.ts'
import { agentRule, at, sourceRule } from './alert.test-support.ts'
import { decideDeadlines, unwatched, type DeadlineDecision, type WatchState } from './deadline.ts'
import { deadlineRulesFor } from './deadline-rules.ts'
import type { AgentRule } from './rule.ts'
import type { WatchedAgent } from './watched-agent.ts'

const agent = (
  state: AgentState | null,
  since: number | null,
  queues: readonly string[] = ['billing'],
): WatchedAgent => ({
  agentId: 'a-1',
  queues,
  state,
  sinceMs: since === null ? null : at(since),
})

const resting = [agentRule('resting', { states: ['break', 'meal'], slice: 'queue=billing' })]

function decideAgent(
  rules: readonly AgentRule[],
  watch: WatchState,
  second: number,
  watched: WatchedAgent,
): DeadlineDecision {
  return decideDeadlines(
    watch,
    deadlineRulesFor(rules).agents.applied(watched, watch),
    at(second),
    'UTC',
  )
}

describe('a rule of agents', () => {
  test.each<[rule: string, slice: string, watched: WatchedAgent, fires: boolean]>([
    ['fires for an agent that is too long in one of its states', 'all', agent('break', 0), true],
    [
      'fires for an agent in one of its queues',
      'queue=billing',
      agent('meal', 0, ['sales', 'billing']),
      true,
    ],
    ['does not for one in other queues', 'queue=billing', agent('meal', 0, ['sales']), false],
    ['fires for the agent that it names', 'agent=a-1', agent('break', 0), true],
    ['does not for another', 'agent=a-2', agent('break', 0), false],
    ['does not in another state', 'all', agent('available', 0), false],
    ['does not where nothing is known', 'all', agent(null, null), false],
  ])('%s', (_rule, slice, watched, fires) => {
    const { changes } = decideAgent([{ ...resting[0]!, slice }], unwatched, 30, watched)
    expect(changes.map(({ status }) => status)).toEqual(fires ? ['firing'] : [])
  })
})

test('every rule of a state is looked at, whatever other states it has', () => {
  const rules = [
    resting[0]!,
    agentRule('break', { states: ['break'] }),
    agentRule('both', { states: ['meal', 'break'] }),
    agentRule('meal', { states: ['meal'] }),
  ]
  const firing = (state: AgentState): readonly string[] =>
    decideAgent(rules, unwatched, 30, agent(state, 0)).changes.map(({ rule }) => rule)
  expect(firing('break')).toEqual(['resting', 'break', 'both'])
  expect(firing('meal')).toEqual(['resting', 'both', 'meal'])
})

describe('an alert of an agent', () => {
  const { state: firing } = decideAgent(resting, unwatched, 30, agent('break', 0))

  test.each<[rule: string, second: number, watched: WatchedAgent, ends: readonly object[]]>([
    ['goes on with the state', 60, agent('break', 0), []],
    ['goes on where the state began earlier than it seemed', 60, agent('break', -10), []],
    [
      'is over when the agent does something else',
      60,
      agent('available', 50),
      [{ end: 'over', endedMs: at(50) }],
    ],
    [
      'is over when the agent signs out, which leaves its queues',
      60,
      agent('offline', 50, []),
      [{ end: 'over', endedMs: at(50) }],
    ],
    [
      'is over when another of the states begins',
      60,
      agent('meal', 50),
      [{ end: 'over', endedMs: at(50) }],
    ],
    [
      'is retracted where the state had ended in time',
      60,
      agent('available', 20),
      [{ end: 'retracted', endedMs: at(30) }],
    ],
    [
      'is retracted where it began later',
      40,
      agent('break', 20),
      [{ end: 'retracted', endedMs: at(30) }],
    ],
    [
      'is withdrawn when the agent leaves the queue and stays in the state',
      60,
      agent('break', 0, []),
      [{ end: 'withdrawn', endedMs: at(60) }],
    ],
    [
      'makes room for the next state that is too long',
      80,
      agent('meal', 50),
      [
        { end: 'over', endedMs: at(50) },
        { status: 'firing', active: { number: 2, sinceMs: at(50), startedMs: at(80) } },
      ],
    ],
  ])('%s', (_rule, second, watched, ends) => {
    const { changes } = decideAgent(resting, firing, second, watched)
    expect(changes).toMatchObject(ends)
    expect(changes).toHaveLength(ends.length)
  })
})

describe('a rule of sources', () => {
  const { sources } = deadlineRulesFor([
    sourceRule('silent'),
    sourceRule('crm-silent', { sources: ['/crm'], limitMs: 60_000 }),
  ])
  const decide = (
    watch: WatchState,
    second: number,
    source: string,
    last: number,
  ): DeadlineDecision =>
    decideDeadlines(watch, sources.applied({ source, lastMs: at(last) }, watch), at(second), 'UTC')

  test('looks at every source, or at those that it names', () => {
    expect(decide(unwatched, 60, '/crm', 0).changes.map(({ rule }) => rule)).toEqual([
      'silent',
      'crm-silent',
    ])
    expect(decide(unwatched, 60, '/pbx', 0).changes.map(({ rule }) => rule)).toEqual(['silent'])
  })

  test('fires when the silence is as long as its limit, and is over when something comes', () => {
    expect(decide(unwatched, 29, '/pbx', 0)).toMatchObject({ changes: [], nextMs: at(30) })
    const { state } = decide(unwatched, 30, '/pbx', 0)
    expect(decide(state, 90, '/pbx', 90)).toMatchObject({
      changes: [{ status: 'resolved', end: 'over', endedMs: at(90), active: { sinceMs: at(0) } }],
      nextMs: at(120),
    })
  })
})
