import { date, id, time } from '../cells.ts'
import type { Column, Text } from '../column.ts'

/** Columns that several kinds have. */

/** What a row has been given as its name; it fills the attribute that the kind says. */
export const ownId = (...examples: readonly [Text, Text]): Column => ({
  ...{ name: { en: 'id', zh: '编号' }, read: id, examples },
})

export const agent = (...examples: readonly [Text, Text]): Column => ({
  ...{
    name: { en: 'agent', zh: '坐席' },
    fills: ['agentId'],
    isRequired: true,
    read: id,
    examples,
  },
})

export const contact = (...examples: readonly [Text, Text]): Column => ({
  ...{ name: { en: 'contact', zh: '会话' }, fills: ['contactId'], read: id, examples },
})

export const start = (...examples: readonly [Text, Text]): Column => ({
  ...{
    name: { en: 'start', zh: '开始' },
    fills: ['start'],
    isRequired: true,
    read: time,
    examples,
  },
})
export const end = (...examples: readonly [Text, Text]): Column => ({
  ...{ name: { en: 'end', zh: '结束' }, fills: ['end'], isRequired: true, read: time, examples },
})

type Dates = readonly [start: string, end: string]

/** From its first to its last date. */
export function period(
  isRequired: boolean,
  [firstStart, firstEnd]: Dates,
  [secondStart, secondEnd]: Dates,
): { readonly periodStart: Column; readonly periodEnd: Column } {
  const column = (
    name: Text,
    end: 'start' | 'end',
    ...examples: readonly [Text, Text]
  ): Column => ({
    ...{ name, fills: ['period', end], read: date, examples },
    ...(isRequired ? { isRequired } : {}),
  })
  return {
    periodStart: column({ en: 'periodStart', zh: '周期开始' }, 'start', firstStart, secondStart),
    periodEnd: column({ en: 'periodEnd', zh: '周期结束' }, 'end', firstEnd, secondEnd),
  }
}
