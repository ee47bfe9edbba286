import { type Measure, measures, thresholdMeasures } from '../measures/measure.ts'
import type { Kpi } from './kpi.ts'
import { average, ratio, share } from './shapes.ts'

const percentiles = [50, 90, 95, 99] as const

/**
 * How long customers waited for the first human, public answer to a request.
 * Sum ÷ count of first owed replies, in ms, counted at the answer; live and deferred classes.
 * @returns `null` when no first reply was given: a reply still owed is in `longest_wait`, not here.
 * @see docs/kpis.md#first_response_time
 */
export const firstResponseTime = average('first_response_time', {
  name: { en: 'First response time', zh: '首次响应时间' },
  description: {
    en: 'Wait for the first public reply of a human to a new request, at the answer.',
    zh: '从客户提出请求到人工首次公开回复的等待时间，按回复时刻统计。',
  },
  direction: 'lower',
  targets: { live: { max: 28_000 }, deferred: { max: 3_600_000 } },
  clocked: true,
  measure: measures.firstReplyTime,
  percentiles,
})

/**
 * How long customers waited for a human, public answer, first or later. An owed reply runs from the first unanswered customer message.
 * Sum ÷ count of all owed replies, in ms, counted at the answer.
 * @returns `null` when no reply was given.
 * @see docs/kpis.md#response_time
 */
export const responseTime = average('response_time', {
  name: { en: 'Response time', zh: '平均响应时间' },
  description: {
    en: 'Wait from the first unanswered customer message to the next public reply of a human, at the answer.',
    zh: '从客户首条未回复消息到人工公开回复的等待时间，按回复时刻统计。',
  },
  direction: 'lower',
  targets: { live: { max: 30_000 } },
  clocked: true,
  measure: measures.replyTime,
  percentiles,
})

/**
 * Share of given replies that came within their limit, in [0, 1]; a reply at exactly the limit is within.
 * `replyWithin ÷ replyTime.count`, both counted at the answer. What nobody answered is not in it: read it with `…_of_due`.
 * @returns `null` when no reply was given.
 * @see docs/kpis.md#answered_within_target_of_answered
 */
export const answeredWithinTargetOfAnswered = ratio('answered_within_target_of_answered', {
  name: { en: 'Answered within limit, of answered', zh: '时限内应答率（按已回复）' },
  description: {
    en: 'Share of given replies that came within their limit.',
    zh: '在时限内完成的回复占全部已回复的比例。',
  },
  direction: 'higher',
  targets: { any: { min: 0.8 } },
  clocked: true,
  family: 'response',
  find: (reading) => share(reading.count(measures.replyWithin), reading.duration(measures.replyTime).count),
})

/**
 * Share of owed replies that were answered by their limit, in [0, 1]; an answer at exactly the limit is within, a missed one stays missed.
 * `replyDueWithin ÷ replyDue`, both counted at min(answer, since + limit); cancelled before it = in neither.
 * @returns `null` when no reply became due: silence is not 0 %.
 * @see docs/kpis.md#answered_within_target_of_due
 */
export const answeredWithinTargetOfDue = ratio('answered_within_target_of_due', {
  name: { en: 'Answered within limit, of due', zh: '时限内应答率（按应回复）' },
  description: {
    en: 'Share of owed replies that were answered by their limit, at min(answer, limit).',
    zh: '在时限内得到回复的应回复消息占比，按到期或回复（取较早）时刻统计。',
  },
  direction: 'higher',
  targets: { any: { min: 0.8 } },
  clocked: true,
  family: 'response',
  find: (reading) => shareOf(reading, measures.replyDueWithin, measures.replyDue),
})

/**
 * Like `answered_within_target_of_due`, with one limit of `seconds` for every owed reply, its own due instant and its own cancellations.
 * @returns `null` when no reply became due at this threshold.
 * @see docs/kpis.md#answered_within_30s_of_due
 */
export function answeredWithinSecondsOfDue(seconds: number): Kpi {
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
    family: 'response',
    find: (reading) => shareOf(reading, within, due),
  })
}

const secondsZh = (seconds: number): string => (seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`)

function shareOf(reading: Parameters<Kpi['find']>[0], part: Measure, whole: Measure): ReturnType<Kpi['find']> {
  return share(reading.count(part), reading.count(whole))
}
