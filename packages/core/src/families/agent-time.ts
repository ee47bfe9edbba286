import { agentStates } from '../events/types.ts'
import type { KpiReason, Reading } from '../kpis/kpi.ts'
import { nothing, now, ratio, sumOf } from '../kpis/shapes.ts'
import type { Measure } from '../measures/measure.ts'
import type { AgentTimeRow } from '../subjects/row.ts'
import type { AgentClass } from '../folds/agent/agent-class.ts'
import { family, on, span } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

const spent = (wanted: AgentClass) =>
  on('agent-time', {
    at: (row) => (row.class === wanted ? { atMs: row.fromMs, credit: row.credit } : null),
    untilMs: (row: AgentTimeRow) => row.toMs,
  })

/** Signed-in time of agents, by class. */
export const agentTime = family('agent-time', 2, {
  agentHandling: span(1, spent('handling')),
  agentAvailable: span(2, spent('available')),
  agentNotReady: span(3, spent('not_ready')),
})

const spentSql = (wanted: AgentClass): readonly SqlTerm[] => [
  rowsOf('agent-time', 'from', { where: `agentClass = '${wanted}'`, value: 'durationMs' }),
]

/** The same in SQL. */
export const agentTimeSql: FamilySql<keyof typeof agentTime.measures> = {
  agentHandling: spentSql('handling'),
  agentAvailable: spentSql('available'),
  agentNotReady: spentSql('not_ready'),
}

const { agentHandling, agentAvailable, agentNotReady } = agentTime.measures

/** Time of an agent of any class. */
export const signedIn: readonly Measure[] = [agentHandling, agentAvailable, agentNotReady]

/** Why there is nothing to divide by: agents were signed in but neither handled nor available; or no agent of this slice has any state. */
export function emptyReason(reading: Reading): KpiReason {
  if (sumOf(reading, signedIn) > 0) return 'nothing-happened'
  const hasOwnAgents =
    reading.slice.length === 0 || reading.slice.some((part) => part.dimension === 'agent')
  return hasOwnAgents ? 'no-agent-states' : 'no-source'
}

const occupancy = ratio('occupancy', {
  name: { en: 'Occupancy', zh: '坐席占用率' },
  description: {
    en: 'Handling time ÷ (handling + available time) of agents.',
    zh: '处理时间 ÷（处理时间 + 空闲可用时间）。',
  },
  direction: 'neutral',
  targets: { any: { min: 0.75, max: 0.88 } },
  of: agentHandling,
  per: [agentHandling, agentAvailable],
  reads: [agentNotReady],
  emptyReason,
  docs: {
    formula: 'handling ÷ (handling + available) time of agents',
    countedAt:
      'the time itself, split over the buckets that it covers; states in progress count up to now',
    whenEmpty:
      '`null`: `no-agent-states`, or in slices that agents have no part in `no-source`; `nothing-happened` when agents were signed in but neither',
    note: 'handling = on contact, wrap-up, or engaged. In a queue’s slice an agent’s time counts in full in each of its queues: queues do not add up',
  },
})

const utilization = ratio('utilization', {
  name: { en: 'Utilization', zh: '坐席利用率' },
  description: {
    en: 'Handling time ÷ signed-in time of agents.',
    zh: '处理时间 ÷ 在线（签入）时间。',
  },
  direction: 'neutral',
  targets: { any: { min: 0.75, max: 0.88 } },
  of: agentHandling,
  per: signedIn,
  emptyReason,
  docs: {
    formula: 'handling ÷ signed-in time of agents',
    countedAt:
      'the time itself, split over the buckets that it covers; states in progress count up to now',
    whenEmpty: '`null`: `no-agent-states`, or in slices that agents have no part in `no-source`',
    note: 'signed in = handling + available + not ready. Silence signs nobody out; a sign-in that nobody ended ends at the heartbeat timeout, else 16 h after the last event that names the agent, and never in a call',
  },
})

const stateKinds = agentStates.map((state) => `agent.${state}` as const)

/** Agents of the slice that ever had a state. */
const known = (reading: Reading): number =>
  stateKinds.reduce((sum, kind) => sum + reading.open(kind).count, 0)

const agentsByState = now('agents_by_state', {
  name: { en: 'Agents by state', zh: '坐席状态' },
  description: { en: 'How many agents are in each state now.', zh: '当前各状态的坐席人数。' },
  direction: 'neutral',
  unit: 'count',
  open: stateKinds.map((kind) => ({ kind, members: 0 })),
  parts: agentStates,
  find: (reading) => {
    const value = known(reading)
    const breakdown = Object.fromEntries(
      agentStates.map((state) => [state, reading.open(`agent.${state}`).count]),
    )
    return value === 0 ? nothing('no-agent-states') : { value, breakdown }
  },
  docs: {
    formula: 'agents in each state (`breakdown`, every state also at 0); the value is their number',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '`null`, `no-agent-states`: no agent of the slice ever had a state',
    note: 'signed-out agents are counted under `offline`. An agent whose states differ by channel is in that of the busiest class (handling, available, not ready, offline), within a class in the first of on contact, wrap-up, available, not ready, break, meal, meeting, training, other; a state told without a channel replaces those of all',
  },
})

const agentsAvailable = now('agents_available', {
  name: { en: 'Agents available', zh: '空闲坐席' },
  description: {
    en: 'Agents who could take a further contact now: available, with free capacity.',
    zh: '当前可再接会话的坐席人数：状态为空闲且接待能力未满。',
  },
  direction: 'neutral',
  unit: 'count',
  open: [...stateKinds, 'agent-free' as const].map((kind) => ({ kind, members: 0 })),
  terms: { shape: 'open', kinds: ['agent-free'] },
  find: (reading) =>
    known(reading) === 0 ? nothing('no-agent-states') : { value: reading.open('agent-free').count },
  docs: {
    formula:
      'agents in the state `available` whose engaged contacts are fewer than their capacity, the sum over the channels of what `agent.state_changed` told last; without a told capacity, agents without a contact',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '`null`, `no-agent-states`: no agent of the slice ever had a state; else 0',
    note: '`agents_by_state` counts an available agent also when nothing more fits',
  },
})

export const agentKpis = [occupancy, utilization, agentsByState, agentsAvailable]
