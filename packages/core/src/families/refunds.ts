import { average, ratio } from '../kpis/shapes.ts'
import { count, duration, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Refunds that were asked for, and handled. */
export const refunds = family('refunds', 37, {
  refundRequested: count(1, on('refund', { at: (row) => row.requested })),
  /** In time and correctly. */
  refundKept: count(
    2,
    on('refund', {
      at: ({ requested, isInTime, isCorrect }) => (isInTime && isCorrect ? requested : null),
    }),
  ),
  /** From the request, at the handling. */
  refundTime: duration(
    3,
    on('refund', {
      at: (row) => row.handled,
      value: ({ requested, handled }) => handled!.atMs - requested.atMs,
    }),
  ),
})

/** The same in SQL. */
export const refundSql: FamilySql<keyof typeof refunds.measures> = {
  refundRequested: [rowsOf('refund', 'requested')],
  refundKept: [rowsOf('refund', 'requested', { where: 'isInTime AND isCorrect' })],
  refundTime: [rowsOf('refund', 'handled', { value: 'handleMs' })],
}

const { refundRequested, refundKept, refundTime } = refunds.measures

const dimensions = ['agent'] as const
const credited =
  'credited to the agent whom the refund’s events name last, else to `agent=none`; refunds name no queue and no channel (`no-source`)'

const refundHandlingRate = ratio('refund_handling_rate', {
  name: { en: 'Refund handling rate', zh: '退款/退货处理率' },
  description: {
    en: 'Share of refund requests that were handled in time and correctly, at the request.',
    zh: '按时且正确处理的退款申请占全部退款申请的比例，按申请时刻统计。',
  },
  direction: 'higher',
  of: refundKept,
  per: refundRequested,
  dimensions,
  docs: {
    formula:
      'refunds that were handled at or before their `dueAt`, and whose last word on `correct` is not false ÷ refunds that were requested',
    countedAt: 'the request, the first one of a refund',
    whenEmpty: '`null`, `nothing-happened`: no refund was requested',
    note: `what is not handled yet counts as requested alone, also before it is due: the rate of a recent period begins low, and its periods are restated as its refunds are handled. \`dueAt\` is the one that was told last; without any, every handling is in time. What is handled without a request, or before it, is in neither; ${credited}`,
  },
})

const refundHandlingTime = average('refund_handling_time', {
  name: { en: 'Refund handling time', zh: '退款/退货处理时间' },
  description: {
    en: 'From the request of a refund to its handling, at the handling.',
    zh: '从退款申请到处理完成的时间，按处理时刻统计。',
  },
  direction: 'lower',
  clocked: true,
  of: refundTime,
  percentiles: [90],
  dimensions,
  docs: {
    formula: '`sum ÷ count` of handling − request; p90 beside it',
    countedAt: 'the handling, the first one after the request',
    whenEmpty: '`null`, `nothing-happened`: nothing was handled',
    note: `calendar time, in time or not, correct or not; ${credited}`,
  },
})

export const refundKpis = [refundHandlingRate, refundHandlingTime]
