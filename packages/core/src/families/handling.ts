import type { Kpi } from '../kpis/kpi.ts'
import { average } from '../kpis/shapes.ts'
import type { EndedPart, PartRow } from '../subjects/row.ts'
import { duration, family, on, type RuleOn } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Of parts that have ended and took a time of that kind. */
const took = (timeOf: (ended: EndedPart) => number | null): RuleOn => {
  const value = ({ ended }: PartRow): number | null => (ended === null ? null : timeOf(ended))
  return on('part', {
    at: (row) => (value(row) === null ? null : row.ended),
    value: (row) => value(row)!,
  })
}

/** The time that parts of agents in contacts took. */
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
})

/** The same in SQL. */
export const handlingSql: FamilySql<keyof typeof handling.measures> = {
  handleTime: [rowsOf('part', 'ended', { value: 'handleMs' })],
  talkTime: [rowsOf('part', 'ended', { where: 'talkMs IS NOT NULL', value: 'talkMs' })],
  holdTime: [rowsOf('part', 'ended', { where: 'holdMs > 0', value: 'holdMs' })],
  wrapUpTime: [rowsOf('part', 'ended', { where: 'wrapUpMs IS NOT NULL', value: 'wrapUpMs' })],
}

const {
  handleTime: ofHandling,
  talkTime: ofTalk,
  holdTime: ofHold,
  wrapUpTime: ofWrapUp,
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

export const handlingKpis: readonly Kpi[] = [handleTime, talkTime, holdTime, wrapUpTime]
