import type { Kpi } from '../kpis/kpi.ts'
import { average, ratio, total } from '../kpis/shapes.ts'
import type { Measure } from '../measures/measure.ts'
import type { Moment, ReplyOnClock, ReplyRow } from '../subjects/row.ts'
import {
  count,
  duration,
  family,
  making,
  on,
  type ShiftFields,
  type Sink,
  withShifts,
} from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'
import { addDue, thresholdsOf } from './thresholds.ts'

/** What counts of a reply on a clock: on that of its class, where the row itself stands, or on the other one. */
type OnClock = {
  readonly at: (on: ReplyOnClock, row: ReplyRow) => Moment | null
  readonly value?: (on: ReplyOnClock) => number
}

const waited = {
  at: (_on: ReplyOnClock, { answered }: ReplyRow) => answered,
  value: ({ waitMs }: ReplyOnClock) => waitMs ?? 0,
}
const within: OnClock = {
  at: ({ dueMs }, { answered }) => (answered !== null && answered.atMs <= dueMs ? answered : null),
}
const due: OnClock = { at: (on) => on.due }
const dueWithin: OnClock = { at: (on) => (on.due?.isWithin === true ? on.due : null) }

const firstOf = ({ at, ...rest }: OnClock): OnClock => ({
  ...rest,
  at: (on, row) => (row.first ? at(on, row) : null),
})
/** Contacts that began within their hours, and those that count like them. */
const usual = ({ at, ...rest }: OnClock): OnClock => ({
  ...rest,
  at: (on, row) => (row.outside === null ? at(on, row) : null),
})
const afterHours = ({ at, ...rest }: OnClock): OnClock => ({
  ...rest,
  at: (on, row) => (row.outside === 'separate' ? at(on, row) : null),
})

/** Durations and counts that a clock runs in, and what counts in them. */
const durationsOnClock = {
  /** At the answer: how long the customer waited. */
  replyTime: { field: 1, ...usual(waited) },
  firstReplyTime: { field: 2, ...usual(firstOf(waited)) },
  /** The same, split at the assignment that led to the answer. */
  firstReplyQueuePart: {
    field: 12,
    ...usual(firstOf({ ...waited, value: ({ queueMs }) => queueMs ?? 0 })),
  },
  firstReplyAgentPart: {
    field: 13,
    ...usual(
      firstOf({ ...waited, value: ({ waitMs, queueMs }) => (waitMs ?? 0) - (queueMs ?? 0) }),
    ),
  },
  afterHoursReplyTime: { field: 20, ...afterHours(waited) },
  afterHoursFirstReplyTime: { field: 21, ...afterHours(firstOf(waited)) },
}
const countsOnClock = {
  /** Answered at or before the limit, at the answer. */
  replyWithin: { field: 3, ...usual(within) },
  firstReplyWithin: { field: 4, ...usual(firstOf(within)) },
  /** Those that became due, at min(answer, limit). */
  replyDue: { field: 5, ...usual(due) },
  replyDueWithin: { field: 6, ...usual(dueWithin) },
  firstReplyDue: { field: 7, ...usual(firstOf(due)) },
  firstReplyDueWithin: { field: 8, ...usual(firstOf(dueWithin)) },
  afterHoursReplyDue: { field: 22, ...afterHours(due) },
  afterHoursReplyDueWithin: { field: 23, ...afterHours(dueWithin) },
}

/** Fields from 100 on: two for each measure. */
const shiftFields = (field: number): ShiftFields => ({
  calendar: 100 + 2 * field,
  business: 101 + 2 * field,
})

function counted<Names extends string>(
  kind: typeof count,
  onClock: Readonly<Record<Names, OnClock & { readonly field: number }>>,
): Record<Names, ReturnType<typeof count>> {
  const made = {} as Record<Names, ReturnType<typeof count>>
  for (const name of Object.keys(onClock) as Names[]) {
    const { field, at, value } = onClock[name]
    const rule = {
      at: (row: ReplyRow) => at(row, row),
      ...(value !== undefined && { value: (row: ReplyRow) => value(row) }),
    }
    made[name] = withShifts(kind(field, on('reply', rule)), shiftFields(field))
  }
  return made
}

const inUse = (row: ReplyRow, at: Moment | null): Moment | null =>
  row.outside === null ? at : null

/** Owed replies: what customers wait for who write. Everything counts on the clock of its class. */
export const replies = family(
  'replies',
  0,
  {
    ...counted(duration, durationsOnClock),
    ...counted(count, countsOnClock),
    replyCancelled: count(9, on('reply', { at: (row) => inUse(row, row.cancelled) })),
    /** Those that became due unanswered, at their limit. */
    replyMissed: count(
      11,
      on('reply', { at: (row) => inUse(row, row.due?.isWithin === false ? row.due : null) }),
    ),
  },
  [making('reply', addThresholds), making('reply', addShifts)],
)

const usually = 'outside IS NULL'
const separately = "outside = 'separate'"

/** The same in SQL, on the clock of the class. */
export const replySql: FamilySql<keyof typeof replies.measures> = {
  replyTime: [rowsOf('reply', 'answered', { where: usually, value: 'waitMs' })],
  firstReplyTime: [
    rowsOf('reply', 'answered', { where: `isFirst AND ${usually}`, value: 'waitMs' }),
  ],
  firstReplyQueuePart: [
    rowsOf('reply', 'answered', { where: `isFirst AND ${usually}`, value: 'queueMs' }),
  ],
  firstReplyAgentPart: [
    rowsOf('reply', 'answered', { where: `isFirst AND ${usually}`, value: 'waitMs - queueMs' }),
  ],
  afterHoursReplyTime: [rowsOf('reply', 'answered', { where: separately, value: 'waitMs' })],
  afterHoursFirstReplyTime: [
    rowsOf('reply', 'answered', { where: `isFirst AND ${separately}`, value: 'waitMs' }),
  ],
  replyWithin: [rowsOf('reply', 'answered', { where: `answeredAt <= limitAt AND ${usually}` })],
  firstReplyWithin: [
    rowsOf('reply', 'answered', { where: `isFirst AND answeredAt <= limitAt AND ${usually}` }),
  ],
  replyDue: [rowsOf('reply', 'due', { where: usually })],
  replyDueWithin: [rowsOf('reply', 'due', { where: `isDueWithin AND ${usually}` })],
  firstReplyDue: [rowsOf('reply', 'due', { where: `isFirst AND ${usually}` })],
  firstReplyDueWithin: [
    rowsOf('reply', 'due', { where: `isFirst AND isDueWithin AND ${usually}` }),
  ],
  afterHoursReplyDue: [rowsOf('reply', 'due', { where: separately })],
  afterHoursReplyDueWithin: [rowsOf('reply', 'due', { where: `isDueWithin AND ${separately}` })],
  replyCancelled: [rowsOf('reply', 'cancelled', { where: usually })],
  replyMissed: [rowsOf('reply', 'due', { where: `NOT isDueWithin AND ${usually}` })],
}

const thresholds = thresholdsOf(replies.number, { due: 'due', within: 'within' }, 'onClocks')
export const thresholdMeasures = thresholds.of
export const thresholdMeasureAt = thresholds.at

/** A measure of a threshold in SQL; `null`: it is none. */
export function thresholdSql(measure: Measure): readonly SqlTerm[] | null {
  const place = thresholds.placeOf(measure)
  if (place === null) return null
  const { seconds, isDue } = place
  const where = `seconds = ${seconds}${isDue ? '' : ' AND isWithin'} AND NOT isOther AND ${usually}`
  return [rowsOf('reply-threshold', 'due', { where })]
}

function addThresholds({ thresholds: reached, outside }: ReplyRow, sink: Sink): void {
  if (outside === null) addDue(thresholds, reached, 'both', sink)
}

/** What a reading on the other clock than that of the class has to add: what counts there, less what counts here. */
function addShifts(row: ReplyRow, sink: Sink): void {
  const { other, clock } = row
  if (other === null) return
  const shownOn = clock === 'calendar' ? 'business' : 'calendar'
  for (const [on, sign] of [
    [row, -1],
    [other, 1],
  ] as const) {
    for (const [name, { at, value }] of durations) {
      const moment = at(on, row)
      if (moment !== null)
        sink(replies.measures[name].shifts![shownOn], moment, value!(on), 'both', moment.atMs, sign)
    }
    for (const [name, { at }] of counts) {
      const moment = at(on, row)
      if (moment !== null)
        sink(replies.measures[name].shifts![shownOn], moment, sign, 'both', moment.atMs)
    }
    addThresholds({ ...row, thresholds: on.thresholds }, (measure, at, value, scope, endMs) =>
      sink(measure.shifts![shownOn], at, sign * value, scope, endMs),
    )
  }
}

const durations = Object.entries(durationsOnClock) as [keyof typeof durationsOnClock, OnClock][]
const counts = Object.entries(countsOnClock) as [keyof typeof countsOnClock, OnClock][]

const {
  replyTime,
  firstReplyTime,
  replyWithin,
  replyDue,
  replyDueWithin,
  firstReplyDue,
  firstReplyDueWithin,
  replyCancelled,
  replyMissed,
  afterHoursReplyTime,
  afterHoursFirstReplyTime,
  afterHoursReplyDue,
  afterHoursReplyDueWithin,
} = replies.measures

const percentiles = [50, 90, 95, 99] as const

const firstResponseTime = average('first_response_time', {
  name: { en: 'First response time', zh: '首次响应时间' },
  description: {
    en: 'Wait for the first public reply of a human to a new request, at the answer.',
    zh: '从客户提出请求到人工首次公开回复的等待时间，按回复时刻统计。',
  },
  direction: 'lower',
  targets: { live: { max: 28_000 }, deferred: { max: 3_600_000 } },
  clocked: true,
  of: firstReplyTime,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of the first owed reply of each contact; p50, p90, p95, p99 beside it',
    countedAt: 'the answer',
    whenEmpty:
      '`null`, `nothing-happened`: no first reply was given. One that is still owed shows in `longest_wait`.',
    note: 'live and deferred contacts; outbound contacts have replies once their customer writes, but no first one',
  },
})

const responseTime = average('response_time', {
  name: { en: 'Response time', zh: '平均响应时间' },
  description: {
    en: 'Wait from the first unanswered customer message to the next public reply of a human, at the answer.',
    zh: '从客户首条未回复消息到人工公开回复的等待时间，按回复时刻统计。',
  },
  direction: 'lower',
  targets: { live: { max: 30_000 } },
  clocked: true,
  of: replyTime,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of all owed replies; p50, p90, p95, p99 beside it',
    countedAt: 'the answer',
    whenEmpty: '`null`, `nothing-happened`: no reply was given',
    note: 'an owed reply runs from the first unanswered customer message to the next public, human, not automatic message',
  },
})

const answeredWithinTargetOfAnswered = ratio('answered_within_target_of_answered', {
  name: { en: 'Answered within limit, of answered', zh: '时限内应答率（按已回复）' },
  description: {
    en: 'Share of given replies that came within their limit.',
    zh: '在时限内完成的回复占全部已回复的比例。',
  },
  direction: 'higher',
  targets: { any: { min: 0.8 } },
  clocked: true,
  of: replyWithin,
  per: replyTime,
  docs: {
    formula: 'replies given at or before their limit ÷ replies given',
    countedAt: 'the answer',
    whenEmpty: '`null`, `nothing-happened`: no reply was given',
    note: 'what nobody ever answered is not in it; read it with `answered_within_target_of_due`',
  },
})

const answeredWithinTargetOfDue = ratio('answered_within_target_of_due', {
  name: { en: 'Answered within limit, of due', zh: '时限内应答率（按应回复）' },
  description: {
    en: 'Share of owed replies that were answered by their limit, at min(answer, limit).',
    zh: '在时限内得到回复的应回复消息占比，按到期或回复（取较早）时刻统计。',
  },
  direction: 'higher',
  targets: { any: { min: 0.8 } },
  clocked: true,
  of: replyDueWithin,
  per: replyDue,
  docs: {
    formula: 'owed replies answered at or before their limit ÷ owed replies that became due',
    countedAt: 'min(answer, since + limit)',
    whenEmpty: '`null`, `nothing-happened`: none became due; silence is not 0 %',
    note: 'an owed reply that is cancelled before its limit is in neither; a missed one stays missed',
  },
})

const firstAnsweredWithinTargetOfDue = ratio('first_answered_within_target_of_due', {
  name: { en: 'First reply within limit, of due', zh: '首次时限内应答率（按应回复）' },
  description: {
    en: 'Share of first owed replies that were answered by their limit, at min(answer, limit).',
    zh: '在时限内得到回复的首次应回复占比，按到期或回复（取较早）时刻统计。',
  },
  direction: 'higher',
  targets: { any: { min: 0.8 } },
  clocked: true,
  of: firstReplyDueWithin,
  per: firstReplyDue,
  docs: {
    formula:
      'first owed replies answered at or before their limit ÷ first owed replies that became due',
    countedAt: 'min(answer, since + limit)',
    whenEmpty: '`null`, `nothing-happened`: no first reply became due',
    note: 'as `answered_within_target_of_due`, of the first owed reply of each contact alone',
  },
})

const repliesMissed = total('replies_missed', {
  name: { en: 'Replies missed', zh: '超时未回复' },
  description: {
    en: 'Owed replies that nobody had given by their limit.',
    zh: '到期时仍未回复的应回复消息数，按到期时刻统计。',
  },
  direction: 'lower',
  of: replyMissed,
  docs: {
    formula: 'owed replies that were not answered at or before their limit',
    countedAt: 'since + limit',
    whenEmpty: '0',
    note: 'a later answer does not take it back; credited to the queue and the owner at the limit',
  },
})

const repliesCancelled = total('replies_cancelled', {
  name: { en: 'Replies cancelled', zh: '已取消回复' },
  description: {
    en: 'Owed replies that ended without an answer before their limit.',
    zh: '在时限前未经回复即结束的应回复消息数。',
  },
  direction: 'neutral',
  of: replyCancelled,
  docs: {
    formula:
      'owed replies that were over before their limit without an answer: the contact was abandoned, resolved, closed or ended, or handed to a bot',
    countedAt: 'the end',
    whenEmpty: '0',
    note: 'in neither part of the shares of due; credited to the queue and the owner then',
  },
})

/** Like `answered_within_target_of_due`, with one limit of `seconds` for every owed reply, its own due instant and its own cancellations. */
function answeredWithinSecondsOfDue(seconds: number): Kpi {
  const { due, within } = thresholdMeasures(seconds)
  return ratio(`answered_within_${seconds}s_of_due`, {
    name: { en: `Answered within ${seconds} s`, zh: `${secondsZh(seconds)}应答率` },
    description: {
      en: `Share of owed replies that were answered within ${seconds} seconds, at min(answer, threshold).`,
      zh: `${secondsZh(seconds)}内得到人工公开回复的应回复消息占比。`,
    },
    direction: 'higher',
    targets: { live: { min: 0.8 } },
    clocked: true,
    of: within,
    per: due,
    docs: {
      formula: `owed replies answered within ${seconds} s ÷ owed replies due at that threshold`,
      countedAt: `min(answer, since + ${seconds} s)`,
      whenEmpty: '`null`, `nothing-happened`: none became due',
      note: 'one KPI for each of the tenant’s thresholds (`thresholdsSeconds`, by default 30 and 180): `answered_within_<n>s_of_due`',
    },
  })
}

const secondsZh = (seconds: number): string =>
  seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`

const outsideNote =
  'contacts that began outside of their hours, where the tenant keeps them apart (`outsideHours: separate`): they are in no other KPI of response'

const afterHoursFirstResponseTime = average('after_hours_first_response_time', {
  name: { en: 'First response time, after hours', zh: '首次响应时间（非工作时间）' },
  description: {
    en: 'As first response time, of contacts that began outside of business hours.',
    zh: '非工作时间开始的会话的首次响应时间。',
  },
  direction: 'lower',
  clocked: true,
  of: afterHoursFirstReplyTime,
  percentiles,
  docs: {
    formula: 'as `first_response_time`',
    countedAt: 'the answer',
    whenEmpty:
      '`null`, `nothing-happened`: no such reply was given, or the tenant keeps none apart',
    note: outsideNote,
  },
})

const afterHoursResponseTime = average('after_hours_response_time', {
  name: { en: 'Response time, after hours', zh: '平均响应时间（非工作时间）' },
  description: {
    en: 'As response time, of contacts that began outside of business hours.',
    zh: '非工作时间开始的会话的平均响应时间。',
  },
  direction: 'lower',
  clocked: true,
  of: afterHoursReplyTime,
  percentiles,
  docs: {
    formula: 'as `response_time`',
    countedAt: 'the answer',
    whenEmpty:
      '`null`, `nothing-happened`: no such reply was given, or the tenant keeps none apart',
    note: outsideNote,
  },
})

const afterHoursAnsweredWithinTargetOfDue = ratio('after_hours_answered_within_target_of_due', {
  name: {
    en: 'Answered within limit, of due, after hours',
    zh: '时限内应答率（按应回复，非工作时间）',
  },
  description: {
    en: 'As answered within limit, of due, of contacts that began outside of business hours.',
    zh: '非工作时间开始的会话的时限内应答率（按应回复）。',
  },
  direction: 'higher',
  clocked: true,
  of: afterHoursReplyDueWithin,
  per: afterHoursReplyDue,
  docs: {
    formula: 'as `answered_within_target_of_due`',
    countedAt: 'min(answer, limit)',
    whenEmpty: '`null`, `nothing-happened`: none became due, or the tenant keeps none apart',
    note: outsideNote,
  },
})

/** `thresholdsSeconds`: the tenant's. */
export const replyKpis = (thresholdsSeconds: readonly number[]): readonly Kpi[] => [
  firstResponseTime,
  responseTime,
  answeredWithinTargetOfAnswered,
  answeredWithinTargetOfDue,
  ...[...new Set(thresholdsSeconds)].sort((a, b) => a - b).map(answeredWithinSecondsOfDue),
  firstAnsweredWithinTargetOfDue,
  repliesMissed,
  repliesCancelled,
  afterHoursFirstResponseTime,
  afterHoursResponseTime,
  afterHoursAnsweredWithinTargetOfDue,
]
