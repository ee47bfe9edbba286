import { dimensions } from '../config/tenant-config.ts'
import { distinctTotal, distinctWithout } from '../kpis/distinct-shapes.ts'
import { average, nothing, now, provisionalUntil, ratio } from '../kpis/shapes.ts'
import type { CappedWait, ReplyOnClock, ReplyRow, SessionEnded } from '../subjects/row.ts'
import { dayMs } from '../time/time.ts'
import { byKind, customersInEach, customerSqlInEach } from './customers.ts'
import { count, duration, family, making, on, type Sink, withShifts } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** No session with a missed reply is within, of the others those whose mean wait is. */
const isSessionWithin = ({ replies, waitMs, missed, limitMs }: SessionEnded): boolean =>
  missed === 0 && waitMs <= replies * limitMs

/** The opening is credited to no agent. */
const scope = 'wide'

const cappedOn = ({ capped }: ReplyOnClock, { outside }: ReplyRow): CappedWait | null =>
  outside === null ? capped : null

/** Response as platforms judge it that do not count replies alone: waits up to a cap, sessions, contacts. */
export const responseUnits = family(
  'response-units',
  11,
  {
    /** At min(answer, cap): the wait, or the cap. */
    cappedReplyTime: withShifts(
      duration(
        1,
        on('reply', {
          at: (row) => cappedOn(row, row),
          value: ({ capped }) => capped?.waitMs ?? 0,
        }),
      ),
      { calendar: 101, business: 102 },
    ),
    /** Sessions that ended, at the last end. */
    sessionEnded: count(2, on('contact', { at: (row) => row.sessionEnd })),
    sessionWithin: count(
      3,
      on('contact', {
        at: ({ sessionEnd: end }) => (end !== null && isSessionWithin(end) ? end : null),
      }),
    ),
    /** Contacts with a first owed reply, at the opening. */
    firstReplyOwed: count(4, on('contact', { at: (row) => row.firstReply, scope })),
    firstReplyResolved: count(
      5,
      on('contact', {
        at: ({ firstReply: first }) =>
          first !== null && first.isWithin && first.isResolved ? first : null,
        scope,
      }),
    ),
    /** Customers with a reply that came due, and those of them with one that was missed at its limit. */
    ...customersInEach(11, 'due'),
    ...customersInEach(21, 'missed'),
  },
  [making('reply', addShifts)],
)

/** The same in SQL, on the clock of the class. */
export const responseUnitSql: FamilySql<keyof typeof responseUnits.measures> = {
  cappedReplyTime: [rowsOf('reply', 'capped', { where: 'outside IS NULL', value: 'cappedMs' })],
  sessionEnded: [rowsOf('contact', 'sessionEnd')],
  sessionWithin: [
    rowsOf('contact', 'sessionEnd', {
      where: 'sessionMissed = 0 AND sessionWaitMs <= sessionReplies * sessionLimitMs',
    }),
  ],
  firstReplyOwed: [rowsOf('contact', 'firstReply', { scope })],
  firstReplyResolved: [
    rowsOf('contact', 'firstReply', { where: 'isFirstReplyWithin AND isResolvedInDay', scope }),
  ],
  ...customerSqlInEach('due'),
  ...customerSqlInEach('missed'),
}

/** What a reading on the other clock than that of the class has to add: the wait there, less the wait here. */
function addShifts(row: ReplyRow, sink: Sink): void {
  const { other, clock } = row
  if (other === null) return
  const shift =
    responseUnits.measures.cappedReplyTime.shifts![clock === 'calendar' ? 'business' : 'calendar']
  for (const [on, times] of [
    [row, -1],
    [other, 1],
  ] as const) {
    const capped = cappedOn(on, row)
    if (capped !== null) sink(shift, capped, capped.waitMs, 'both', capped.atMs, times)
  }
}

const { measures } = responseUnits
const { cappedReplyTime, sessionEnded, sessionWithin, firstReplyOwed, firstReplyResolved } =
  measures

const customersDue = byKind(measures, 'due')
const customersMissed = byKind(measures, 'missed')

const responseTimeCapped = average('response_time_capped', {
  name: { en: 'Response time, capped', zh: '平响时长（封顶）' },
  description: {
    en: 'Wait for a reply, at most the cap, also of replies that nobody gave, at min(answer, cap).',
    zh: '客户等待回复的时间，以封顶时长为上限，无人回复的按封顶时长计，按回复或封顶（取较早）时刻统计。',
  },
  direction: 'lower',
  clocked: true,
  of: cappedReplyTime,
  percentiles: [],
  docs: {
    formula: 'sum of min(wait, cap) ÷ owed replies that were answered or reached the cap',
    countedAt: 'min(answer, since + cap)',
    whenEmpty: '`null`, `nothing-happened`: no reply was given or reached the cap',
    note: 'the cap is `responseCapSeconds` (600) as when the wait began. What nobody had answered by then counts the cap, for good, whatever comes later; what is cancelled before it does not count',
  },
})

const sessionsWithinMeanRate = ratio('sessions_within_mean_rate', {
  name: { en: 'Sessions within mean response', zh: '会话均值达标率' },
  description: {
    en: 'Share of sessions that ended whose mean wait was within the threshold, and of which no reply was missed.',
    zh: '已结束会话中平均等待不超过阈值、且没有超时仍未回复消息的占比，按会话结束时刻统计。',
  },
  direction: 'higher',
  targets: { any: { min: 0.8 } },
  of: sessionWithin,
  per: sessionEnded,
  docs: {
    formula:
      'contacts without a missed reply whose mean wait is at most `sessionMeanSeconds` (180) ÷ contacts with an owed reply that was answered or missed',
    countedAt: 'the last instant at which the contact was over, up to now',
    whenEmpty: '`null`, `nothing-happened`: no such contact was over',
    note: 'missed: over without an answer after since + `sessionMeanSeconds` on the clock of the class; a late answer is none, and counts in the mean; a reply that was cancelled by then is no miss, and in no mean. A contact that was reopened counts, as it stood, at its last end until there is a later one. Credited to the queue then and the owner, else the last human who wrote',
  },
})

const replyRate = ratio('reply_rate', {
  name: { en: 'Reply rate', zh: '回复率' },
  description: {
    en: 'Share of contacts with a first owed reply whose reply came within its limit and which were resolved within 24 hours of the opening, at the opening.',
    zh: '应首次回复的会话中，首次回复在时限内、且开启后 24 小时内解决的占比，按开启时刻统计。',
  },
  direction: 'higher',
  dimensions: dimensions.filter((dimension) => dimension !== 'agent'),
  of: firstReplyResolved,
  per: firstReplyOwed,
  beside: [provisionalUntil(firstReplyOwed, () => dayMs)],
  docs: {
    formula:
      'contacts whose first reply was within its limit and which were resolved within 24 h of the opening ÷ contacts with a first owed reply',
    countedAt: 'the opening',
    whenEmpty: '`null`, `nothing-happened`: no such contact was opened',
    note: 'provisional for 24 h (`provisionalUntil`). A first reply that is still owed, or was cancelled, is in the denominator alone',
  },
})

const ofCustomers =
  'for `hour`, `day`, `week`, `month`, `quarter`, `year` and the window `today`; elsewhere `null`, `not-distinct-here`. Credited to the queue and the owner at the limit, of a reply within it to its writer; a customer counts in a slice once. Contacts without a `customerId` are not counted'

const customersWithoutMissRate = distinctWithout('customers_without_miss_rate', {
  name: { en: 'Customers without a missed reply', zh: '人工回复率（按客户）' },
  description: {
    en: 'Share of customers with a reply that came due in the period of whom none was missed in it.',
    zh: '周期内有应回复消息的客户中，没有任何一条超时未回复的客户占比。',
  },
  direction: 'higher',
  of: customersDue,
  without: customersMissed,
  docs: {
    formula:
      '(distinct customers with a reply that came due − those with any that was missed at its limit) ÷ them, of that very period',
    countedAt: 'min(answer, since + limit): in the period that holds it',
    whenEmpty: '`null`, `nothing-happened`: no reply came due',
    note: `${ofCustomers}. Not additive: of a month it is not the mean of its days`,
  },
})

const lateRepliedCustomers = distinctTotal('late_replied_customers', {
  name: { en: 'Customers with a missed reply', zh: '超时回复UV' },
  description: {
    en: 'Customers with a reply in the period that nobody had given by its limit, each once.',
    zh: '周期内存在超时未回复消息的客户数，每位客户计一次。',
  },
  direction: 'lower',
  of: customersMissed,
  docs: {
    formula: 'distinct customers with a reply that was missed at its limit in the period',
    countedAt: 'since + limit: in the period that holds it',
    whenEmpty: '0',
    note: ofCustomers,
  },
})

const unrepliedCustomers = now('unreplied_customers', {
  name: { en: 'Customers without a reply', zh: '未回复UV' },
  description: {
    en: 'Customers who are owed a reply now, each once.',
    zh: '当前有待回复消息的客户数，每位客户计一次。',
  },
  direction: 'lower',
  unit: 'count',
  open: [{ kind: 'reply.customers', members: 0 }],
  find: (reading) =>
    reading.isOneSlice
      ? { value: reading.open('reply.customers').count }
      : nothing('not-distinct-here'),
  docs: {
    formula: 'distinct customers of live and deferred contacts with an owed reply',
    countedAt: 'now; in a period `null`, `not-in-this-window`',
    whenEmpty: '0; `null`, `not-distinct-here`, of a team or a person with several accounts',
    note: 'callers are in `queued_now`. A contact without a `customerId` counts by itself. A customer counts in a slice once, so that agents do not add up to `all`; what was given up as lost is not owed any more. Opened, it names of each customer the contact that waits for longest',
  },
})

export const responseUnitKpis = [
  responseTimeCapped,
  sessionsWithinMeanRate,
  customersWithoutMissRate,
  lateRepliedCustomers,
  unrepliedCustomers,
  replyRate,
]
