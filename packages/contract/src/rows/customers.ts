import type { FlatRow } from './tables.ts'

/** Kinds of subjects whose id is the customer's: a contract is that of one customer. */
export const customerKinds: ReadonlySet<string> = new Set(['customer', 'contract'])

/** The row with another word in the place of a customer. `shownAs`: `undefined` where the pseudonym itself is shown. */
export function withShownCustomers<Of extends FlatRow>(
  row: Of,
  shownAs: (pseudonym: string) => string | undefined,
): Of {
  const subject = customerKinds.has(row.subjectKind) ? shownAs(row.subjectId) : undefined
  const { customerId = null } = row as { readonly customerId?: string | null }
  const customer = customerId === null ? undefined : shownAs(customerId)
  if (subject === undefined && customer === undefined) return row
  return {
    ...row,
    ...(subject !== undefined && { subjectId: subject }),
    ...(customer !== undefined && { customerId: customer }),
  }
}
