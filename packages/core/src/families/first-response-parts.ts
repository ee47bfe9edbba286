import type { Kpi } from '../kpis/kpi.ts'
import { average } from '../kpis/shapes.ts'
import { replies } from './replies.ts'

const { firstReplyQueuePart, firstReplyAgentPart } = replies.measures

const common = {
  direction: 'lower',
  clocked: true,
  percentiles: [90],
} as const

const note =
  'counted with `first_response_time`, and credited like it: on either clock the two parts of a reply add up to it, so that their sums and averages do. The assignment is that with which its owner at the answer became so: one before the customer wrote makes all of it the agent’s. Where nobody owns the contact at the answer, all of it was waiting in the queue that holds it, and without a queue it is the agent’s'

const firstResponseQueuePart = average('first_response_queue_part', {
  ...common,
  name: { en: 'First response: queue part', zh: '首响：排队段' },
  description: {
    en: 'How much of the first response time went by until the contact was assigned to who answered, at the answer.',
    zh: '首次响应时间中分配给坐席之前的部分，按回复时刻统计。',
  },
  of: firstReplyQueuePart,
  docs: {
    formula:
      '`sum ÷ count` of the first owed reply of each contact, from the request to the assignment that led to its answer; p90 beside it',
    countedAt: 'the answer',
    whenEmpty: '`null`, `nothing-happened`: no first reply was given',
    note,
  },
})

const firstResponseAgentPart = average('first_response_agent_part', {
  ...common,
  name: { en: 'First response: agent part', zh: '首响：坐席段' },
  description: {
    en: 'How much of the first response time went by after the contact was assigned to who answered, at the answer.',
    zh: '首次响应时间中分配给坐席之后的部分，按回复时刻统计。',
  },
  of: firstReplyAgentPart,
  docs: {
    formula:
      '`sum ÷ count` of the first owed reply of each contact, from the assignment that led to its answer to that; p90 beside it',
    countedAt: 'the answer',
    whenEmpty: '`null`, `nothing-happened`: no first reply was given',
    note,
  },
})

/** The two parts of `first_response_time`. */
export const firstResponsePartKpis: readonly Kpi[] = [
  firstResponseQueuePart,
  firstResponseAgentPart,
]
