import { moneyPerDistinct, moneyTotal } from '../kpis/money-shapes.ts'
import { ratio } from '../kpis/shapes.ts'
import type { OrderRow } from '../subjects/row.ts'
import { paid as payers } from './conversions.ts'
import { count, family, money, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Converted orders of which something is so, at their payment. */
const convertedWhere = (field: number, isSo: (row: OrderRow) => boolean) =>
  count(field, on('order', { at: (row) => (row.isConverted && isSo(row) ? row.paid : null) }))

/** What customers ordered and paid, and what came back of it. */
export const orders = family('orders', 34, {
  orderPlaced: count(1, on('order', { at: (row) => row.placed })),
  /** Paid at any time, at the placing. */
  orderPlacedPaid: count(
    2,
    on('order', { at: ({ placed, paid }) => (paid === null ? null : placed) }),
  ),
  // Under 3 to 6 stood the same of all orders that were paid.
  orderConverted: convertedWhere(7, () => true),
  convertedReturned: convertedWhere(8, (row) => row.isReturned),
  convertedReturnedByService: convertedWhere(9, (row) => row.isReturnedByService),
  convertedRefunded: convertedWhere(15, (row) => row.isRefunded),
  orderMoney: money(10, 'order', {
    at: (row) => row.paid,
    value: ({ paid }) => paid!.amountMinor,
  }),
  /** Of what was paid, at the payment. */
  orderMoneyBack: money(20, 'order', {
    at: (row) => row.paid,
    value: ({ paid }) => paid!.returnedMinor + paid!.refundedMinor,
  }),
})

/** The same in SQL. */
export const orderSql: FamilySql<keyof typeof orders.measures> = {
  orderPlaced: [rowsOf('order', 'placed')],
  orderPlacedPaid: [rowsOf('order', 'placed', { where: 'paidAt IS NOT NULL' })],
  orderConverted: [rowsOf('order', 'paid', { where: 'isConverted' })],
  convertedReturned: [rowsOf('order', 'paid', { where: 'isConverted AND isReturned' })],
  convertedReturnedByService: [
    rowsOf('order', 'paid', { where: 'isConverted AND isReturnedByService' }),
  ],
  convertedRefunded: [rowsOf('order', 'paid', { where: 'isConverted AND isRefunded' })],
  orderMoney: [rowsOf('order', 'paid', { value: 'paidMinor' })],
  orderMoneyBack: [rowsOf('order', 'paid', { value: 'returnedMinor + refundedMinor' })],
}

const { measures } = orders

const dimensions = ['agent', 'shop'] as const
const atPayment = 'the payment, the first `order.paid` of the order'
const credited =
  'Credited to the agent whom the events of the order name last; where they name none, to who wrote last to the customer before the payment (the placing, of what counts there), in the session to which that belongs, as in `conversion_served`; else to `agent=none`. It counts in the shop that they name last, in none where they name none; orders name no queue and no channel (`no-source`)'
const corrected =
  'What a later `order.paid` of the same `orderId` says replaces the money, and moves nothing to another time'
const inMoney =
  '`value` is in the main unit of `currency`, `sum` in its minor unit, exactly. Money of several currencies is never added: `value` is `null` then (`several-currencies`), and `byCurrency` has each in its main unit'

const sales = moneyTotal('sales', {
  name: { en: 'Sales', zh: '销售额' },
  description: {
    en: 'What customers paid for orders, before returns, by currency.',
    zh: '客户支付的订单金额（未扣除退货），按币种统计。',
  },
  direction: 'higher',
  of: measures.orderMoney,
  dimensions,
  docs: {
    formula: 'Σ money of paid orders',
    countedAt: atPayment,
    whenEmpty: '`null`, `nothing-happened`: nothing was sold',
    note: `${inMoney}. ${corrected}. ${credited}`,
  },
})

const netSales = moneyTotal('net_sales', {
  name: { en: 'Net sales', zh: '净销售额' },
  description: {
    en: 'What customers paid for orders, less returns and refunds of these orders, by currency.',
    zh: '客户支付的订单金额减去这些订单的退货与退款金额，按币种统计。',
  },
  direction: 'higher',
  of: measures.orderMoney,
  less: measures.orderMoneyBack,
  dimensions,
  docs: {
    formula: 'Σ (money paid − money returned − money refunded), of each order 0 at least',
    countedAt: `${atPayment}, also of what is given back later: its period is restated`,
    whenEmpty: '`null`, `nothing-happened`: nothing was sold. 0 where all of it was given back',
    note: `a return without money is of the whole order. A refund counts once its \`refund.handled\` was told, with the order and the money that its events name last; one without money takes nothing off. Of goods that come back and are refunded, money is told once, with the one or the other. What is in another currency than the payment takes nothing off. ${inMoney}. ${corrected}. ${credited}`,
  },
})

const averageOrderValue = moneyPerDistinct('average_order_value', {
  name: { en: 'Average order value', zh: '客单价' },
  description: {
    en: 'What each customer who paid in a period paid in it on average, by currency.',
    zh: '统计期内每位付款客户的平均支付金额，按币种统计。',
  },
  direction: 'higher',
  of: measures.orderMoney,
  per: payers,
  dimensions,
  docs: {
    formula: '`sales` ÷ `paying_customers`',
    countedAt: atPayment,
    whenEmpty:
      '`null`, `nothing-happened`: nothing was sold; `not-distinct-here`, in quarter-hours, half-hours and sliding windows',
    note: `customers count once in that very period, so that it does not add up over time. Where there are several currencies, each is divided by all who paid. \`numerator\` is in minor units. ${inMoney}. ${credited}`,
  },
})

const orderToPaymentRate = ratio('order_to_payment_rate', {
  name: { en: 'Order to payment rate', zh: '催付率' },
  description: {
    en: 'Share of placed orders that were paid, at the placing.',
    zh: '下单后完成付款的订单占全部下单的比例，按下单时刻统计。',
  },
  direction: 'higher',
  of: measures.orderPlacedPaid,
  per: measures.orderPlaced,
  dimensions,
  docs: {
    formula: 'placed orders that were paid ÷ placed orders',
    countedAt: 'the placing, the first `order.placed` of the order, also where it is paid later',
    whenEmpty: '`null`, `nothing-happened`: no order was placed',
    note: `an order that is paid later restates its period. One of which only the payment was told is in neither. ${credited}`,
  },
})

const ofConverted =
  'An order is converted where its payment belongs to a session of its customer, as in `conversion_served`, or where its events name an agent; all others, which customers paid without anybody’s part in it, are in neither, and so is one that was never paid. Without messages of contacts, orders that name their agent are counted alone'

const returnRate = ratio('return_rate', {
  name: { en: 'Return rate', zh: '退货率' },
  description: {
    en: 'Share of converted orders of which goods came back, at the payment.',
    zh: '发生退货的订单占转化订单（由客服促成并付款）的比例，按付款时刻统计。',
  },
  direction: 'lower',
  of: measures.convertedReturned,
  per: measures.orderConverted,
  dimensions,
  docs: {
    formula: 'converted orders with an `order.returned` ÷ converted orders',
    countedAt: `${atPayment}, also where the return comes later: its period is restated`,
    whenEmpty: '`null`, `nothing-happened`: no order was converted',
    note: `a return of a part counts as any. ${ofConverted}. ${credited}`,
  },
})

const serviceReturnRate = ratio('service_return_rate', {
  name: { en: 'Return rate caused by service', zh: '服务原因退货率' },
  description: {
    en: 'Share of converted orders of which goods came back because of service, at the payment.',
    zh: '因服务原因发生退货的订单占转化订单（由客服促成并付款）的比例，按付款时刻统计。',
  },
  direction: 'lower',
  of: measures.convertedReturnedByService,
  per: measures.orderConverted,
  dimensions,
  docs: {
    formula:
      'converted orders with an `order.returned` whose `cause` is `service` ÷ converted orders',
    countedAt: `${atPayment}, also where the return comes later: its period is restated`,
    whenEmpty: '`null`, `nothing-happened`: no order was converted',
    note: `service is the cause where any return of the order says so. ${ofConverted}. ${credited}`,
  },
})

const refundRate = ratio('refund_rate', {
  name: { en: 'Refund rate', zh: '退款率' },
  description: {
    en: 'Share of converted orders of which a refund was handled, at the payment.',
    zh: '已处理退款的订单占转化订单（由客服促成并付款）的比例，按付款时刻统计。',
  },
  direction: 'lower',
  of: measures.convertedRefunded,
  per: measures.orderConverted,
  dimensions,
  docs: {
    formula: 'converted orders that a refund with a `refund.handled` names ÷ converted orders',
    countedAt: `${atPayment}, also where the refund comes later: its period is restated`,
    whenEmpty: '`null`, `nothing-happened`: no order was converted',
    note: `a refund is of the order that its events name last (\`orderId\`), and counts as any, however much it is of. ${ofConverted}. ${credited}`,
  },
})

export const orderKpis = [
  sales,
  netSales,
  averageOrderValue,
  orderToPaymentRate,
  returnRate,
  serviceReturnRate,
  refundRate,
]
