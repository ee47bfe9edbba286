import { minorDigits } from '@deskpulse/core/measures'
import { amount, currency, id, word } from '../cells.ts'
import { dateOf, type ImportKind } from '../column.ts'
import { ownId, period } from './common.ts'

/** What service has cost in a period. */
export const costs: ImportKind = {
  name: 'costs',
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
      ? { key: 'amount', expected: `an amount that ${money.currency} can be paid in` }
      : { ...data, money: { ...money, amountMinor } }
  },
}

/** By the digits behind the point that the currency has; `null`: there are more, or too many in all. */
function minorOf(text: string, code: string): number | null {
  const digits = minorDigits(code)
  const [whole = '', fraction = ''] = text.split('.')
  const written = fraction.replace(/0+$/, '')
  const minor = Number(`${whole}${written.padEnd(digits, '0')}`)
  return written.length <= digits && Number.isSafeInteger(minor) ? minor : null
}
