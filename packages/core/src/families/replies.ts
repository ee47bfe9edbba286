import type { Kpi } from '../kpis/kpi.ts'
import { average, ratio, total } from '../kpis/shapes.ts'
import { familiesMax, type Measure } from '../measures/measure.ts'
import type { ReplyRow } from '../subjects/row.ts'
import { count, duration, family, making, on, type Sink } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

const waitMs = ({ answered, sinceMs }: ReplyRow): number => answered!.atMs - sinceMs
const isAnsweredWithin = ({ answered, dueMs }: ReplyRow): boolean =>
  answered !== null && answered.atMs <= dueMs
const first = <Value>(row: ReplyRow, value: Value | null): Value | null =>
  row.first ? value : null
const answeredWithin = (row: ReplyRow) => (isAnsweredWithin(row) ? row.answered : null)
const dueWithin = ({ due }: ReplyRow) => (due?.isWithin === true ? due : null)

/** Owed replies: what customers wait for who write. */
export const replies = family(
  'replies',
  0,
  {
    /** At the answer: how long the customer waited. */
    replyTime: duration(1, on('reply', { at: (row) => row.answered, value: waitMs })),
    firstReplyTime: duration(
      2,
      on('reply', { at: (row) => first(row, row.answered), value: waitMs }),
    ),
    /** Answered at or before the limit, at the answer. */
    replyWithin: count(3, on('reply', { at: answeredWithin })),
    firstReplyWithin: count(4, on('reply', { at: (row) => first(row, answeredWithin(row)) })),
    /** Those that became due, at min(answer, limit). */
    replyDue: count(5, on('reply', { at: (row) => row.due })),
    replyDueWithin: count(6, on('reply', { at: dueWithin })),
    firstReplyDue: count(7, on('reply', { at: (row) => first(row, row.due) })),
    firstReplyDueWithin: count(8, on('reply', { at: (row) => first(row, dueWithin(row)) })),
    replyCancelled: count(9, on('reply', { at: (row) => row.cancelled })),
    /** Those that became due unanswered, at their limit. */
    replyMissed: count(
      11,
      on('reply', { at: ({ due }) => (due?.isWithin === false ? due : null) }),
    ),
  },
  [making('reply', addThresholds)],
)

/** The same in SQL. */
export const replySql: FamilySql<keyof typeof replies.measures> = {
  replyTime: [rowsOf('reply', 'answered', { value: 'waitMs' })],
  firstReplyTime: [rowsOf('reply', 'answered', { where: 'isFirst', value: 'waitMs' })],
  replyWithin: [rowsOf('reply', 'answered', { where: 'answeredAt <= limitAt' })],
  firstReplyWithin: [rowsOf('reply', 'answered', { where: 'isFirst AND answeredAt <= limitAt' })],
  replyDue: [rowsOf('reply', 'due')],
  replyDueWithin: [rowsOf('reply', 'due', { where: 'isDueWithin' })],
  firstReplyDue: [rowsOf('reply', 'due', { where: 'isFirst' })],
  firstReplyDueWithin: [rowsOf('reply', 'due', { where: 'isFirst AND isDueWithin' })],
  replyCancelled: [rowsOf('reply', 'cancelled')],
  replyMissed: [rowsOf('reply', 'due', { where: 'NOT isDueWithin' })],
}

/** Limits in seconds are configuration, so their measures are made. */
export function thresholdMeasures(seconds: number): {
  readonly due: Measure
  readonly within: Measure
} {
  const known = made.get(seconds)
  if (known !== undefined) return known
  const of = (name: string, field: number): Measure => ({
    name: `${name}${seconds}s`,
    family: replies.number,
    field,
    kind: 'count',
  })
  const measures = {
    due: of('due', 1_000 + 2 * seconds),
    within: of('within', 1_001 + 2 * seconds),
  }
  made.set(seconds, measures)
  return measures
}

const made = new Map<number, { readonly due: Measure; readonly within: Measure }>() // A memo, not state.

/** A measure of a threshold in SQL; `null`: it is none. */
export function thresholdSql({ family: number, field }: Measure): readonly SqlTerm[] | null {
  if (number !== replies.number || field < 1_000) return null
  const seconds = Math.floor((field - 1_000) / 2)
  const isDue = thresholdMeasures(seconds).due.field === field
  const where = `seconds = ${seconds}${isDue ? '' : ' AND isWithin'}`
  return [rowsOf('reply-threshold', 'due', { where })]
}

/** The measure of a threshold that a record has in this column, `undefined`: none. */
export function thresholdMeasureAt(column: number): Measure | undefined {
  const [family, field] = [column % familiesMax, Math.floor(column / familiesMax)]
  if (family !== replies.number || field < 1_000) return undefined
  const { due, within } = thresholdMeasures(Math.floor((field - 1_000) / 2))
  return field === due.field ? due : within
}

function addThresholds({ thresholds }: ReplyRow, sink: Sink): void {
  for (const threshold of thresholds) {
    const { due, within } = thresholdMeasures(threshold.seconds)
    sink(due, threshold, 1, 'both', threshold.atMs)
    if (threshold.isWithin) sink(within, threshold, 1, 'both', threshold.atMs)
  }
}

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
]
