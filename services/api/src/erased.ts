import type { Erasures } from '@deskpulse/access'

/** Customers who were erased: answers have a word in their place. */
export type Erased = Pick<Erasures, 'shownAs' | 'pseudonymOf' | 'revision'>

type Event = { readonly data: Readonly<Record<string, unknown>> }

/** An event as it is shown. */
export function withShownCustomer<Of extends Event>(event: Of, tenant: string, erased: Erased): Of {
  const { customerId } = event.data
  const word = typeof customerId === 'string' ? erased.shownAs(tenant, customerId) : undefined
  return word === undefined ? event : { ...event, data: { ...event.data, customerId: word } }
}
