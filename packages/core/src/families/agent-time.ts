import { agentStates } from '../events/types.ts'
import { type Kpi, type KpiReason, openMembersMax, type Reading } from '../kpis/kpi.ts'
import { type KpiOfNow, nothing, now, ratio, sumOf } from '../kpis/shapes.ts'
import type { Measure } from '../measures/measure.ts'
import { type AgentRow, type CountedRow, type IntervalKind, isAgentRow } from '../open/entry.ts'
import type { AgentTimeRow } from '../subjects/row.ts'
import type { AgentClass } from '../folds/agent/agent-class.ts'
import { family, on, span } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** Of stretches in which something is so: their time, so many times. */
const time = (isSo: (row: AgentTimeRow) => boolean, times: (row: AgentTimeRow) => number) =>
  on('agent-time', {
    at: (row) => (isSo(row) ? { atMs: row.fromMs, credit: row.credit } : null),
    untilMs: ({ toMs }) => toMs,
    value: (row) => (row.toMs - row.fromMs) * times(row),
  })

const spent = (wanted: AgentClass) =>
  time(
    (row) => row.class === wanted,
    () => 1,
  )

/** Signed-in time of agents: by class; of contacts, each of several at once for itself; of what fits. */
export const agentTime = family('agent-time', 2, {
  agentHandling: span(1, spent('handling')),
  agentAvailable: span(2, spent('available')),
  agentNotReady: span(3, spent('not_ready')),
  agentEngaged: span(
    4,
    time(
      ({ contacts }) => contacts > 0,
      ({ contacts }) => contacts,
    ),
  ),
  /** Of agents who told a capacity. */
  agentCapacity: span(
    5,
    time(
      ({ capacity }) => capacity !== null,
      ({ capacity }) => capacity!,
    ),
  ),
  /** The same of these agents alone. */
  agentEngagedOfCapacity: span(
    6,
    time(
      ({ contacts, capacity }) => contacts > 0 && capacity !== null,
      ({ contacts }) => contacts,
    ),
  ),
})

const timeSql = (where: string, value: string): readonly SqlTerm[] => [
  rowsOf('agent-time', 'from', { where, value }),
]
const spentSql = (wanted: AgentClass): readonly SqlTerm[] =>
  timeSql(`agentClass = '${wanted}'`, 'durationMs')

/** The same in SQL. */
export const agentTimeSql: FamilySql<keyof typeof agentTime.measures> = {
  agentHandling: spentSql('handling'),
  agentAvailable: spentSql('available'),
  agentNotReady: spentSql('not_ready'),
  agentEngaged: timeSql('contacts > 0', 'durationMs * contacts'),
  agentCapacity: timeSql('capacity IS NOT NULL', 'durationMs * capacity'),
  agentEngagedOfCapacity: timeSql('capacity IS NOT NULL', 'durationMs * contacts'),
}

const { agentHandling, agentAvailable, agentNotReady } = agentTime.measures
const { agentEngaged, agentCapacity, agentEngagedOfCapacity } = agentTime.measures

/** Time of an agent of any class. */
export const signedIn: readonly Measure[] = [agentHandling, agentAvailable, agentNotReady]

/** Why there is nothing to divide by: agents were signed in but neither handled nor available; or no agent of this slice has any state. */
export function emptyReason(reading: Reading): KpiReason {
  if (sumOf(reading, signedIn) > 0) return 'nothing-happened'
  const hasOwnAgents =
    reading.slice.length === 0 ||
    reading.slice.some(({ dimension }) => dimension === 'agent' || dimension === 'team')
  return hasOwnAgents ? 'no-agent-states' : 'no-source'
}

const countedAt =
  'the time itself, split over the buckets that it covers; states in progress count up to now'

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
    countedAt,
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
    countedAt,
    whenEmpty: '`null`: `no-agent-states`, or in slices that agents have no part in `no-source`',
    note: 'signed in = handling + available + not ready. Silence signs nobody out; a sign-in that nobody ended ends at the heartbeat timeout, else 16 h after the last event that names the agent, and never in a call',
  },
})

const nonproductiveShare = ratio('nonproductive_share', {
  name: { en: 'Non-productive share', zh: '非生产占比' },
  description: {
    en: 'Not-ready time ÷ signed-in time of agents.',
    zh: '未就绪时间 ÷ 在线（签入）时间。',
  },
  direction: 'lower',
  of: agentNotReady,
  per: signedIn,
  emptyReason,
  docs: {
    formula: 'not-ready ÷ signed-in time of agents',
    countedAt,
    whenEmpty: '`null`: `no-agent-states`, or in slices that agents have no part in `no-source`',
    note: 'not ready = neither handling nor available: break, meal, meeting, training and the like. With the shares of handling (`utilization`) and of available time it makes 1',
  },
})

const concurrency = ratio('concurrency', {
  name: { en: 'Concurrency', zh: '并发占用率' },
  description: {
    en: 'Time of engaged contacts ÷ time of the capacity of agents, each of several contacts at once for itself.',
    zh: '会话占用时间 ÷ 接待能力时间，同时接待的多个会话分别计算。',
  },
  direction: 'neutral',
  unit: 'index',
  of: agentEngagedOfCapacity,
  per: agentCapacity,
  reads: signedIn,
  emptyReason: (reading) => (sumOf(reading, signedIn) > 0 ? 'no-source' : emptyReason(reading)),
  docs: {
    formula:
      'Σ time × engaged contacts ÷ Σ time × capacity, of signed-in agents whose capacity is known then',
    countedAt,
    whenEmpty:
      '`null`: `no-agent-states`; `no-source` where nobody who was signed in told a capacity, or a slice that agents have no part in',
    note: 'the capacity is the sum over the channels of what `agent.state_changed` told last, counted while the agent is signed in. It may pass 1, where an agent has more contacts than were said to fit',
  },
})

const averageConcurrency = ratio('average_concurrency', {
  name: { en: 'Average concurrency', zh: '平均并发会话数' },
  description: {
    en: 'How many contacts agents have at once while they handle any.',
    zh: '坐席处理会话期间平均同时接待的会话数。',
  },
  direction: 'neutral',
  unit: 'index',
  of: agentEngaged,
  per: agentHandling,
  reads: signedIn,
  emptyReason,
  docs: {
    formula: 'Σ time × engaged contacts ÷ handling time of signed-in agents',
    countedAt,
    whenEmpty:
      '`null`: `no-agent-states`, or in slices that agents have no part in `no-source`; `nothing-happened` when agents were signed in and handled nothing',
    note: 'below 1 where agents handle what no contact tells: a state `on_contact` or `wrap_up` without an engaged contact',
  },
})

const stateKinds = agentStates.map((state) => `agent.${state}` as const)

/** Agents of the slice that ever had a state. */
const known = (reading: Reading): number =>
  stateKinds.reduce((sum, kind) => sum + reading.open(kind).count, 0)

const ofNow = {
  countedAt: 'now; in a period `null`, `not-in-this-window`',
  whenEmpty: '`null`, `no-agent-states`: no agent of the slice ever had a state; else 0',
}

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
    ...ofNow,
    note: '`agents_by_state` counts an available agent also when nothing more fits',
  },
})

/** Agents in any of these intervals, or what each of them counts. */
function agentsIn(
  id: string,
  {
    kinds,
    each,
    ...common
  }: KpiOfNow & {
    readonly kinds: readonly IntervalKind[]
    readonly each?: (agent: AgentRow) => number
  },
): Kpi {
  const eachOf = (row: CountedRow): number => (isAgentRow(row) ? each!(row) : 0)
  const count = (reading: Reading, kind: IntervalKind): number => {
    const { count: agents, oldest } = reading.open(kind)
    return each === undefined
      ? agents
      : oldest.reduce((sum, { row }) => sum + (row === undefined ? 0 : eachOf(row)), 0)
  }
  const looked = new Set<IntervalKind>([...stateKinds, ...kinds])
  return now(id, {
    ...common,
    direction: 'neutral',
    unit: 'count',
    open: Array.from(looked, (kind) => ({
      kind,
      members: each !== undefined && kinds.includes(kind) ? openMembersMax : 0,
    })),
    terms: { shape: 'open', kinds, ...(each !== undefined && { each: eachOf }) },
    find: (reading) =>
      known(reading) === 0
        ? nothing('no-agent-states')
        : { value: kinds.reduce((sum, kind) => sum + count(reading, kind), 0) },
  })
}

const signedInKinds = stateKinds.filter((kind) => kind !== 'agent.offline')

const agentsOnline = agentsIn('agents_online', {
  name: { en: 'Agents online', zh: '在线坐席' },
  description: { en: 'Agents who are signed in now.', zh: '当前在线（已签入）的坐席人数。' },
  kinds: signedInKinds,
  docs: {
    formula: 'agents in any state but `offline`',
    ...ofNow,
    note: 'the same as `agents_signed_in`, by the name that shop platforms use',
  },
})

const agentsSignedIn = agentsIn('agents_signed_in', {
  name: { en: 'Agents signed in', zh: '签入坐席' },
  description: { en: 'Agents who are signed in now.', zh: '当前已签入的坐席人数。' },
  kinds: signedInKinds,
  docs: {
    formula: 'agents in any state but `offline`',
    ...ofNow,
    note: 'the same as `agents_online`',
  },
})

const agentsStaffed = agentsIn('agents_staffed', {
  name: { en: 'Agents staffed', zh: '在岗坐席' },
  description: {
    en: 'Agents who are available or handle contacts now.',
    zh: '当前空闲可接待或正在处理的坐席人数。',
  },
  kinds: ['agent-class.handling', 'agent-class.available'],
  docs: {
    formula: 'signed-in agents whose class is available or handling',
    ...ofNow,
    note: 'handling = on contact, wrap-up, or engaged with a contact, also during a break',
  },
})

const activeSlots = agentsIn('active_slots', {
  name: { en: 'Active slots', zh: '已用并发' },
  description: {
    en: 'Contacts that engage signed-in agents now, each of several at once for itself.',
    zh: '当前占用在线坐席的会话数，同时接待的多个会话分别计算。',
  },
  kinds: ['agent-class.handling'],
  each: ({ contacts }) => contacts,
  docs: {
    formula: 'Σ engaged contacts of signed-in agents',
    ...ofNow,
    note: 'contacts of agents whose capacity nobody told are in it, too',
  },
})

const availableSlots = agentsIn('available_slots', {
  name: { en: 'Available slots', zh: '剩余并发' },
  description: {
    en: 'How many more contacts fit now, of staffed agents whose capacity is known.',
    zh: '在岗且已知接待能力的坐席当前还能接待的会话数。',
  },
  kinds: ['agent-class.handling', 'agent-class.available'],
  each: ({ contacts, capacity }) => (capacity === null ? 0 : Math.max(0, capacity - contacts)),
  docs: {
    formula:
      'Σ max(0, capacity − engaged contacts) of agents who are available or handling and told a capacity',
    ...ofNow,
    note: 'an agent with more contacts than fit takes nothing from the others; one without a told capacity counts nothing',
  },
})

export const agentKpis: readonly Kpi[] = [
  occupancy,
  utilization,
  nonproductiveShare,
  concurrency,
  averageConcurrency,
  agentsByState,
  agentsOnline,
  agentsSignedIn,
  agentsStaffed,
  agentsAvailable,
  activeSlots,
  availableSlots,
]
