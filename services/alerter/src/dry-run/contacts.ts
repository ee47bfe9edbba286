import { type ContactRule, deadlineRulesFor } from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import { sliceText } from '@deskpulse/core/measures'
import { Contact } from '@deskpulse/core/subjects'
import type { Watched } from './watched.ts'

type Known = { readonly contact: Contact; readonly source: string; readonly began: boolean }

const prefix = 'contact/'

/**
 * Contacts as the aggregator's fold sees them. A contact whose opening was not read, of a source that sends openings, began before: its channel is not
 * known, so what is found of it is not believed.
 */
export function watchedContacts(
  rule: ContactRule,
  configAt: (atMs: number) => TenantConfig,
): Watched {
  const { contacts: rules } = deadlineRulesFor([rule])
  const contacts = new Map<string, Known>()
  const openingSources = new Set<string>()

  return {
    take({ event, text, receivedMs }) {
      const { type, source, data } = event
      const { contactId } = data
      if (contactId === undefined || !(type.startsWith('contact.') || type === 'message.sent'))
        return null
      if (type === 'contact.opened') openingSources.add(source)
      const known = contacts.get(contactId) ?? {
        contact: new Contact(contactId, configAt, null, []),
        source,
        began: false,
      }
      const began = known.began || type === 'contact.opened'
      if (!contacts.has(contactId) || began !== known.began)
        contacts.set(contactId, { ...known, began })
      const insertion = known.contact.insert({ event, text, receivedMs })
      return insertion.kind === 'inserted' ? prefix + contactId : null
    },
    view(subject, nowMs, state) {
      const { contact } = contacts.get(subject.slice(prefix.length))!
      contact.settle(nowMs)
      const waits = contact.waits(nowMs)
      const queue = waits?.dimensions.queue
      const slice =
        typeof queue === 'string' ? sliceText([{ dimension: 'queue', value: queue }]) : 'all'
      return {
        applied: rules.applied(waits, state),
        slice,
        nextMs: waits?.current?.lostAtMs ?? null,
      }
    },
    isKnown(subject) {
      const { began, source } = contacts.get(subject.slice(prefix.length))!
      return began || !openingSources.has(source)
    },
  }
}
