import { amount, currency, id, word } from '../cells.ts'
import { dateOf, type ImportKind } from '../column.ts'
import { ownId, period } from './common.ts'

/** What service has cost in a period. */
export const costs: ImportKind = {
  name: 'costs',
  title: { en: 'Costs', zh: '费用' },
  description: {
    en: 'What service has cost in a period. Without a queue and an agent it is of all.',
    zh: '一个周期内的服务费用。不填队列和坐席即为整体费用。',
  },
  type: 'cost.recorded',
  idAttribute: 'costId',
  columns: {
    id: ownId('', ''),
    ...period(true, ['2026-02-01', '2026-02-28'], ['2026-02-01', '2026-02-28']),
    amount: {
      name: { en: 'amount', zh: '金额' },
      ...{ fills: ['money', 'amountMinor'], isRequired: true, read: amount },
      examples: ['128000', '3650.50'],
    },
    currency: {
      name: { en: 'currency', zh: '币种' },
      ...{ fills: ['money', 'currency'], isRequired: true, read: currency },
      examples: ['CNY', 'CNY'],
    },
    kind: {
      name: { en: 'kind', zh: '费用类型' },
      ...{ fills: ['kind'], read: word },
      examples: [
        { en: 'salaries', zh: '工资' },
        { en: 'telephony', zh: '话费' },
      ],
    },
    queue: {
      name: { en: 'queue', zh: '队列' },
      ...{ fills: ['queue'], read: word, examples: ['', 'billing'] },
    },
    agent: {
      name: { en: 'agent', zh: '坐席' },
      ...{ fills: ['agentId'], read: id, examples: ['', ''] },
    },
  },
  about: ['periodStart', 'periodEnd', 'currency', 'kind', 'queue', 'agent'],
  happened: ({ periodEnd }) => ({ endOf: dateOf(periodEnd!) }),
  completed: (data) => {
    const money = data['money'] as { readonly amountMinor: string; readonly currency: string }
    const amountMinor = minorOf(money.amountMinor, money.currency)
    return amountMinor === null
      ? {
          key: 'amount',
          expected: {
            en: `an amount that ${money.currency} can be paid in`,
            zh: `${money.currency} 可以支付的金额`,
          },
        }
      : { ...data, money: { ...money, amountMinor } }
  },
}

/** By the digits behind the point that the currency has; `null`: there are more, or too many in all. */
function minorOf(text: string, code: string): number | null {
  const digits = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: code,
  }).resolvedOptions().maximumFractionDigits!
  const [whole = '', fraction = ''] = text.split('.')
  const written = fraction.replace(/0+$/, '')
  const minor = Number(`${whole}${written.padEnd(digits, '0')}`)
  return written.length <= digits && Number.isSafeInteger(minor) ? minor : null
}
