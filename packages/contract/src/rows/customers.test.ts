import { expect, test } from 'vitest'
import { withShownCustomers } from './customers.ts'
import type { FlatRow } from './tables.ts'

const rowOf = (subjectKind: string, subjectId: string, more: object = {}): FlatRow =>
  ({ grain: 'contact', subjectKind, subjectId, key: 'k', ...more }) as unknown as FlatRow
const shownAs = (pseudonym: string): string | undefined => (pseudonym === 'u-1' ? 'x' : undefined)

test.each([
  { row: rowOf('customer', 'u-1'), shown: { subjectId: 'x' } },
  { row: rowOf('contract', 'u-1'), shown: { subjectId: 'x' } },
  { row: rowOf('order', 'u-1', { customerId: 'u-1' }), shown: { customerId: 'x' } },
  {
    row: rowOf('contract', 'u-1', { customerId: 'u-1' }),
    shown: { subjectId: 'x', customerId: 'x' },
  },
  { row: rowOf('contact', 'u-1'), shown: {} },
  { row: rowOf('customer', 'u-2'), shown: {} },
  { row: rowOf('order', 'o-1', { customerId: null }), shown: {} },
])('of $row the customer alone is shown otherwise: $shown', ({ row, shown }) => {
  expect(withShownCustomers(row, shownAs)).toEqual({ ...row, ...shown })
})
