import { agentStates } from '../events/types.ts'
import { measures } from '../measures/measure.ts'
import { type ExactInteger, exactSum } from '../measures/merged.ts'
import type { KpiReason, Reading } from './kpi.ts'
import { nothing, now, ratio, share } from './shapes.ts'

/** Time of an agent of any class: signed in. */
const signedIn = (reading: Reading): ExactInteger =>
  exactSum(reading.count(measures.agentHandling), reading.count(measures.agentAvailable), reading.count(measures.agentNotReady))

/** Why there is nothing to divide by: agents were signed in but neither handled nor available; or no agent of this slice has any state. */
function emptyReason(reading: Reading): KpiReason {
  if (signedIn(reading) > 0) return 'nothing-happened'
  const hasOwnAgents = reading.slice.length === 0 || reading.slice.some((part) => part.dimension === 'agent')
  return hasOwnAgents ? 'no-agent-states' : 'no-source'
}

/**
 * Share of the time in which agents could work that they worked on contacts, in [0, 1]; states in progress count up to now.
 * `handling ÷ (handling + available)`, in ms, split over the buckets that it covers. In a queue's slice an agent's time counts in full in each of
 * its queues: queues do not add up to `all`.
 * @returns `null` when no agent state is known (`no-agent-states`; in slices that agents have no part in, `no-source`), or none was either.
 * @see docs/kpis.md#occupancy
 */
export const occupancy = ratio('occupancy', {
  name: { en: 'Occupancy', zh: '坐席占用率' },
  description: { en: 'Handling time ÷ (handling + available time) of agents.', zh: '处理时间 ÷（处理时间 + 空闲可用时间）。' },
  direction: 'neutral',
  targets: { any: { min: 0.75, max: 0.88 } },
  family: 'agent',
  find: (reading) => {
    const handling = reading.count(measures.agentHandling)
    return share(handling, exactSum(handling, reading.count(measures.agentAvailable)), emptyReason(reading))
  },
})

/**
 * Share of signed-in time that agents worked on contacts, in [0, 1]; states in progress count up to now.
 * `handling ÷ (handling + available + not ready)`, in ms, split over the buckets that it covers.
 * @returns `null` when no agent was signed in: `no-agent-states`, or `no-source` in slices that agents have no part in.
 * @see docs/kpis.md#utilization
 */
export const utilization = ratio('utilization', {
  name: { en: 'Utilization', zh: '坐席利用率' },
  description: { en: 'Handling time ÷ signed-in time of agents.', zh: '处理时间 ÷ 在线（签入）时间。' },
  direction: 'neutral',
  targets: { any: { min: 0.75, max: 0.88 } },
  family: 'agent',
  find: (reading) => share(reading.count(measures.agentHandling), signedIn(reading), emptyReason(reading)),
})

const stateKinds = agentStates.map((state) => `agent.${state}` as const)

/** Agents of the slice that ever had a state. */
const known = (reading: Reading): number => stateKinds.reduce((sum, kind) => sum + reading.open(kind).count, 0)

/**
 * Agents in each state at this moment (`breakdown`: every state, also at 0); the value is their number, signed out ones included. An agent whose states
 * differ by channel is in that of the busiest class, within a class in the order on contact, wrap-up, available, not ready, break, meal, meeting,
 * training, other.
 * @returns `null` (`no-agent-states`) when no agent of the slice ever had a state.
 * @see docs/kpis.md#agents_by_state
 */
export const agentsByState = now('agents_by_state', {
  name: { en: 'Agents by state', zh: '坐席状态' },
  description: { en: 'How many agents are in each state now.', zh: '当前各状态的坐席人数。' },
  direction: 'neutral',
  unit: 'count',
  open: stateKinds.map((kind) => ({ kind, members: 0 })),
  parts: agentStates,
  find: (reading) => {
    const value = known(reading)
    const breakdown = Object.fromEntries(agentStates.map((state) => [state, reading.open(`agent.${state}`).count]))
    return value === 0 ? nothing('no-agent-states') : { value, breakdown }
  },
})

/**
 * Agents who could take a further contact at this moment: in the state `available`, with fewer engaged contacts than the capacity that was told (its sum
 * over the channels); without a told capacity, with none.
 * @returns `null` (`no-agent-states`) when no agent of the slice ever had a state.
 * @see docs/kpis.md#agents_available
 */
export const agentsAvailable = now('agents_available', {
  name: { en: 'Agents available', zh: '空闲坐席' },
  description: {
    en: 'Agents who could take a further contact now: available, with free capacity.',
    zh: '当前可再接会话的坐席人数：状态为空闲且接待能力未满。',
  },
  direction: 'neutral',
  unit: 'count',
  open: [...stateKinds, 'agent-free' as const].map((kind) => ({ kind, members: 0 })),
  find: (reading) => (known(reading) === 0 ? nothing('no-agent-states') : { value: reading.open('agent-free').count }),
})
