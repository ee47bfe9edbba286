import type { Kpi } from '../kpis/kpi.ts'
import { average, ratio, total } from '../kpis/shapes.ts'
import type { EndedPart, PartRow } from '../subjects/row.ts'
import { count, duration, family, on, type RuleOn } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Of parts that have ended and took a time of that kind. */
const took = (timeOf: (ended: EndedPart) => number | null): RuleOn => {
  const value = ({ ended }: PartRow): number | null => (ended === null ? null : timeOf(ended))
  return on('part', {
    at: (row) => (value(row) === null ? null : row.ended),
    value: (row) => value(row)!,
  })
}

const isHeld = (ended: EndedPart | null): boolean => ended !== null && ended.holds > 0

/** The time that parts of agents in contacts took, and how calls went in them. */
export const handling = family('handling', 5, {
  handleTime: duration(
    1,
    took(({ handleMs }) => handleMs),
  ),
  talkTime: duration(
    2,
    took(({ talkMs }) => talkMs),
  ),
  /** Of parts that were held. */
  holdTime: duration(
    3,
    took(({ holdMs }) => (holdMs > 0 ? holdMs : null)),
  ),
  /** Of parts whose after-contact work was told. */
  wrapUpTime: duration(
    4,
    took(({ wrapUpMs }) => wrapUpMs),
  ),
  heldPart: count(5, on('part', { at: ({ ended }) => (isHeld(ended) ? ended : null) })),
  hold: count(
    6,
    on('part', {
      at: ({ ended }) => (isHeld(ended) ? ended : null),
      value: ({ ended }) => ended!.holds,
    }),
  ),
  holdAbandon: count(
    7,
    on('part', {
      at: ({ ended }) => (ended !== null && ended.holdAbandons > 0 ? ended : null),
      value: ({ ended }) => ended!.holdAbandons,
    }),
  ),
  /** Answered calls of which is known who hung up first, there. */
  hungUp: count(8, on('contact', { at: (row) => row.hungUp })),
  hungUpByAgent: count(
    9,
    on('contact', { at: ({ hungUp }) => (hungUp?.isByAgent === true ? hungUp : null) }),
  ),
})

/** The same in SQL. */
export const handlingSql: FamilySql<keyof typeof handling.measures> = {
  handleTime: [rowsOf('part', 'ended', { value: 'handleMs' })],
  talkTime: [rowsOf('part', 'ended', { where: 'talkMs IS NOT NULL', value: 'talkMs' })],
  holdTime: [rowsOf('part', 'ended', { where: 'holdMs > 0', value: 'holdMs' })],
  wrapUpTime: [rowsOf('part', 'ended', { where: 'wrapUpMs IS NOT NULL', value: 'wrapUpMs' })],
  heldPart: [rowsOf('part', 'ended', { where: 'holds > 0' })],
  hold: [rowsOf('part', 'ended', { where: 'holds > 0', value: 'holds' })],
  holdAbandon: [rowsOf('part', 'ended', { where: 'holdAbandons > 0', value: 'holdAbandons' })],
  hungUp: [rowsOf('contact', 'hungUp')],
  hungUpByAgent: [rowsOf('contact', 'hungUp', { where: 'isHungUpByAgent' })],
}

const {
  handleTime: ofHandling,
  talkTime: ofTalk,
  holdTime: ofHold,
  wrapUpTime: ofWrapUp,
  heldPart,
  hold,
  holdAbandon,
  hungUp,
  hungUpByAgent,
} = handling.measures

const countedAt = 'the part’s last end up to now'
const percentiles = [90] as const

const handleTime = average('handle_time', {
  name: { en: 'Handle time', zh: '平均处理时间' },
  description: {
    en: 'What one agent’s part in one contact took, after-contact work included, at its end.',
    zh: '单个坐席处理单个会话所用的时间（含话后处理），按处理结束时刻统计。',
  },
  direction: 'neutral',
  of: ofHandling,
  percentiles,
  docs: {
    formula:
      '`sum ÷ count` of the parts’ times: a call talk + hold + after-contact work, a chat engaged time + after-contact work, a deferred contact its work time; p90 beside it',
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no part ended',
    note: 'one value for each agent of a contact (AHT), answered or not, outbound ones too. An agent who has the contact again goes on with the same part: its value grows, and counts at the new end. After-contact work counts at the end of the part that it follows, as `contact.wrapped_up` tells it; where that is not told, there is none. An agent who only wrote and never had the contact assigned, and a deferred contact without work events, has no time. What still goes on, or whose end is never told, is not in it ([why](decisions/0021-parts-and-their-time.md))',
  },
})

const talkTime = average('talk_time', {
  name: { en: 'Talk time', zh: '通话时长' },
  description: {
    en: 'How long one agent talked in one call, without holds.',
    zh: '单个坐席在单个通话中的通话时长（不含保持）。',
  },
  direction: 'neutral',
  of: ofTalk,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of the talk time of the parts of calls; p90 beside it',
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no part of a call ended',
    note: '`talkMs` of `contact.released` wins; without it, from the assignment to the end of the part, less its holds',
  },
})

const holdTime = average('hold_time', {
  name: { en: 'Hold time', zh: '保持时长' },
  description: {
    en: 'How long one agent held one call, of those that were held.',
    zh: '单个坐席在单个通话中的保持时长，仅统计有保持的通话。',
  },
  direction: 'lower',
  of: ofHold,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of the hold time of the parts of calls that were held; p90 beside it',
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no call was held',
    note: '`holdMs` of `contact.released` wins; without it, from each `contact.held` to the next `contact.retrieved`, else to the end of the part',
  },
})

const wrapUpTime = average('wrap_up_time', {
  name: { en: 'Wrap-up time', zh: '话后处理时长' },
  description: {
    en: 'After-contact work of one agent on one contact, where it was told.',
    zh: '单个坐席在单个会话结束后的处理时长，仅统计上报了话后处理的会话。',
  },
  direction: 'lower',
  of: ofWrapUp,
  percentiles,
  docs: {
    formula:
      '`sum ÷ count` of the after-contact work of the parts of calls and chats; p90 beside it',
    countedAt: `${countedAt}, which the work follows`,
    whenEmpty: '`null`, `nothing-happened`: no `contact.wrapped_up` told any',
    note: '`wrapUpMs` of `contact.wrapped_up` wins; without it, from the release (or the end of the connection) to that event, unless the agent had the contact again meanwhile. Of several that follow one end, the last one that tells a duration counts, else the first',
  },
})

const partsOfCalls = 'parts of calls that have ended'
const holdsNote =
  '`holds` of `contact.released` wins; without it each `contact.held` of a call that is not on hold is one, and a hold time that is told without any makes one'

const holdRate = ratio('hold_rate', {
  name: { en: 'Hold rate', zh: '保持率' },
  description: {
    en: 'Share of agents’ parts in calls in which the call was held.',
    zh: '坐席处理的通话中有保持的占比，按处理结束时刻统计。',
  },
  direction: 'lower',
  of: heldPart,
  per: ofTalk,
  docs: {
    formula: `${partsOfCalls}, with a hold ÷ ${partsOfCalls}`,
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no part of a call ended',
    note: holdsNote,
  },
})

const holdsPerContact = ratio('holds_per_contact', {
  name: { en: 'Holds per call', zh: '每通保持次数' },
  description: {
    en: 'How often an agent held a call, on average over agents’ parts in calls.',
    zh: '坐席处理每通电话的平均保持次数，按处理结束时刻统计。',
  },
  direction: 'lower',
  unit: 'index',
  of: hold,
  per: ofTalk,
  docs: {
    formula: `holds ÷ ${partsOfCalls}`,
    countedAt,
    whenEmpty: '`null`, `nothing-happened`: no part of a call ended',
    note: `a call that two agents had is two parts, so that agents and queues add up. ${holdsNote}`,
  },
})

const holdAbandons = total('hold_abandons', {
  name: { en: 'Abandoned on hold', zh: '保持中挂断' },
  description: {
    en: 'Calls that the customer ended while on hold.',
    zh: '保持期间客户挂断的通话数，按处理结束时刻统计。',
  },
  direction: 'lower',
  of: holdAbandon,
  docs: {
    formula:
      'parts of calls that ended with `contact.ended` by the customer, or `contact.abandoned`, while the agent held the call',
    countedAt,
    whenEmpty: '0',
    note: 'without a word about who ended it, it was the customer: the agent was not on the line. A `contact.released` that is told up to `clockSkew` before that end is the same hang-up. Holds are known here by `contact.held` and `contact.retrieved` alone',
  },
})

const agentEndedFirstRate = ratio('agent_ended_first_rate', {
  name: { en: 'Agent hung up first', zh: '坐席先挂断率' },
  description: {
    en: 'Share of answered calls that the agent ended, of those ended by agent or customer.',
    zh: '已应答通话中由坐席先挂断的占比（仅统计已知挂断方的通话）。',
  },
  direction: 'lower',
  of: hungUpByAgent,
  per: hungUp,
  docs: {
    formula:
      'answered calls that were ended by the agent ÷ answered calls that were ended by the agent or the customer',
    countedAt: 'the first `contact.ended` of the answered call that says which of both ended it',
    whenEmpty: '`null`, `nothing-happened`: of no call was it told',
    note: 'a call that was ended by the system, or without a word, is in neither. Credited to the queue then and the owner, else the last agent who was on the call. Outbound calls are in neither',
  },
})

export const handlingKpis: readonly Kpi[] = [
  handleTime,
  talkTime,
  holdTime,
  wrapUpTime,
  holdRate,
  holdsPerContact,
  holdAbandons,
  agentEndedFirstRate,
]
