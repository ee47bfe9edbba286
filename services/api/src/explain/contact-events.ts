import { contactSubject } from '@deskpulse/core/state'
import { readSubject, storedKeys, type Tenant } from '@deskpulse/engine'
import { eventsOfRow, type ExplainRow } from './entry.ts'
import type { ExplainSource } from './source.ts'

/** Rows of customers with the events of the contacts that they are about: a customer has none of its own. */
export async function withContactEvents(
  rows: readonly ExplainRow[],
  tenant: Tenant,
  read: ExplainSource['read'],
): Promise<readonly ExplainRow[]> {
  const contactOf = ({ row }: ExplainRow): string | null =>
    row?.grain === 'session' || row?.grain === 'repeat'
      ? contactSubject(tenant.name, row.contactId)
      : null
  const contacts = [...new Set(rows.map(contactOf))].filter((contact) => contact !== null)
  if (contacts.length === 0) return rows
  const { values } = await read({ keys: contacts.flatMap(storedKeys) })
  const known = new Map(
    contacts.map((contact, place) => [
      contact,
      readSubject(tenant, contact, [values[2 * place] ?? null, values[2 * place + 1] ?? null]),
    ]),
  )
  return rows.map((one) => {
    const contact = contactOf(one)
    if (contact === null) return one
    const { events, hasAllEvents } = known.get(contact)!
    return {
      ...one,
      events: eventsOfRow(one.row!, events, tenant.name),
      ...(!hasAllEvents && { hasAllEvents }),
    }
  })
}
