import type { Kpi } from '../kpis/kpi.ts'
import { average, level, ratio, sumOf } from '../kpis/shapes.ts'
import { type EpochMs, slotMs } from '../time/time.ts'
import { emptyReason, signedIn } from './agent-time.ts'
import { contacts } from './contacts.ts'
import { duration, family, firsts, on, span } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Agents' time, shared out among the contacts and queues that it went to; and their days of work. */
export const effectiveTime = family('effective-time', 12, {
  /** Available or handling: of each quarter-hour what went to a queue. */
  staffedTime: span(
    1,
    on('staffing', {
      at: ({ startMs, credit }) => ({ atMs: startMs, credit }),
      untilMs: ({ startMs }) => (startMs + slotMs) as EpochMs,
      value: ({ staffedMs }) => staffedMs,
    }),
  ),
  effectiveHandleTime: duration(
    2,
    on('effective-part', { at: ({ ended }) => ended, value: ({ effectiveMs }) => effectiveMs }),
  ),
  agentDays: firsts(3, on('agent-day', { at: ({ handled }) => handled })),
})

/** The same in SQL. */
export const effectiveTimeSql: FamilySql<keyof typeof effectiveTime.measures> = {
  staffedTime: [rowsOf('staffing', 'from', { value: 'staffedMs' })],
  effectiveHandleTime: [rowsOf('effective-part', 'ended', { value: 'effectiveMs' })],
  agentDays: [rowsOf('agent-day-place', 'handled', { firstBy: 'subjectId, dayKey' })],
}

const { staffedTime, effectiveHandleTime, agentDays } = effectiveTime.measures

export const handleTimeEffective = average('handle_time_effective', {
  name: { en: 'Effective handle time', zh: '有效处理时间' },
  description: {
    en: 'What one agent’s part in one contact took of the agent’s time: each millisecond divided by the contacts at once, at its end.',
    zh: '单个会话实际占用坐席的时间：同时接待多个会话时每毫秒均摊，按处理结束时刻统计。',
  },
  direction: 'neutral',
  of: effectiveHandleTime,
  percentiles: [90],
  docs: {
    formula:
      '`sum ÷ count` of the parts’ times, each millisecond divided by the number of contacts that engage the agent then; p90 beside it',
    countedAt: 'the part’s last end up to now, as `handle_time`',
    whenEmpty: '`null`, `nothing-happened`: no part ended',
    note: 'what contacts tell of when they engage the agent; totals that a release tells (`talkMs`, `wrapUpMs`) are of `handle_time` alone. All parts of an agent together take what the agent was engaged. A part counts where it does in `handle_time`, signed in or not; also of a discarded contact, as the agent’s time was spent',
  },
})

export const effectiveStaffing = level('effective_staffing', {
  name: { en: 'Effective staffing', zh: '有效人力' },
  description: {
    en: 'How many agents were available or handling on average, each counted in the queues for which it worked.',
    zh: '平均在岗（空闲或处理中）的坐席数，按实际为各队列工作的时间分摊。',
  },
  direction: 'neutral',
  of: staffedTime,
  stepMs: slotMs,
  reads: signedIn,
  emptyReason: (reading) => (sumOf(reading, signedIn) > 0 ? null : emptyReason(reading)),
  docs: {
    formula:
      'Σ staffed time of agents, in the queues that it went to ÷ the time of the quarter-hours that are over',
    countedAt: 'the quarter-hour, once it is over; spread evenly over it',
    whenEmpty:
      '`null`: `no-agent-states`, or `no-source` in slices that agents have no part in; `nothing-happened` where no quarter-hour of the window is over',
    note: 'staffed = available or handling. Of a quarter-hour it goes to queues in proportion to the agent’s handling in each, every millisecond of which is shared out equally among the contacts of that moment, each in the queue of its assignment; without any such handling equally to the queues that the agent is in, without a queue to `queue=none`. Queues add up to `all`. In a window that goes on, `sum` and the time that it is divided by reach up to the last quarter-hour that is over. SQL gives the `sum`, in ms',
  },
})

const resolvedPerAgentDay = ratio('resolved_per_agent_day', {
  name: { en: 'Resolved per agent-day', zh: '工作效率' },
  description: {
    en: 'Contacts resolved ÷ days of agents on which they handled a contact.',
    zh: '已解决会话数 ÷ 有处理会话的坐席工作日数。',
  },
  direction: 'higher',
  unit: 'index',
  of: contacts.measures.contactResolved,
  per: agentDays,
  docs: {
    formula: '`contacts_resolved` ÷ agents’ local days with a handled contact',
    countedAt:
      'the first resolution; of an agent’s day the first instant at which a contact of the agent was handled, as `contacts_handled`',
    whenEmpty: '`null`, `nothing-happened`: no agent handled a contact for the first time that day',
    note: 'flow ÷ flow: read it over days or longer, as an agent’s day counts once, in the hour in which it began. The day is one in the tenant’s time zone. In a slice it counts once, at the first contact that was handled there: queues do not add up',
  },
})

export const staffingKpis: readonly Kpi[] = [effectiveStaffing, resolvedPerAgentDay]
