import { encodeEvent } from '@deskpulse/contract'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { Contact, type Received } from '@deskpulse/core/subjects'
import { canonicalEvents, wireEvents } from '../data/events.ts'
import type { BenchCase } from './case.ts'

/** The fold of contacts alone: each event is inserted, folded and asked what it changed, in order. Nothing is sliced, summed or stored. */
export function openContactFold(count: number): BenchCase {
  const received = canonicalEvents(wireEvents(count)).flatMap((event) => {
    const { contactId } = event.data
    return contactId === undefined
      ? []
      : [
          {
            contactId,
            received: {
              event,
              receivedMs: event.timeMs,
              text: Buffer.from(encodeEvent(event)).toString(),
            },
          },
        ]
  })
  return { run: () => foldContacts(received) }
}

function foldContacts(
  all: readonly { readonly contactId: string; readonly received: Received }[],
): number {
  const contacts = new Map<string, Contact>()
  let facts = 0
  for (const { contactId, received } of all) {
    let contact = contacts.get(contactId)
    if (contact === undefined)
      contacts.set(
        contactId,
        (contact = new Contact(contactId, () => defaultTenantConfig, null, [])),
      )
    contact.insert(received)
    contact.settle(received.receivedMs)
    facts += contact.take(received.receivedMs).rows.length
  }
  if (facts === 0 && all.length > 0)
    throw new Error('contacts that say nothing are not what is to be measured')
  return all.length
}
