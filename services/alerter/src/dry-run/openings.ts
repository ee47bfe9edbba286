import { entryKinds, EntryUnreadable, eventOf, textOf } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { Entry } from '@deskpulse/stream'

/**
 * Which contacts were read from their opening on. One whose opening was not read, of a source that sends openings, began before: its channel is not known,
 * so what is found of it is not believed.
 */
export class Openings {
  readonly #sources = new Set<string>()
  /** By contact, the source of its first event; `null`: its opening was read. */
  readonly #contacts = new Map<string, string | null>()

  /** An entry of the tenant. */
  read({ tenant, kind, bytes }: Entry): void {
    if (kind === entryKinds.event) this.#readEvent(tenant, bytes)
  }

  isKnown(contactId: string): boolean {
    const source = this.#contacts.get(contactId) ?? null
    return source === null || !this.#sources.has(source)
  }

  #readEvent(tenant: string, bytes: Uint8Array): void {
    const event = readableEvent(tenant, bytes)
    if (event === null) return
    const { type, source, data } = event
    const { contactId } = data
    if (contactId === undefined || !(type.startsWith('contact.') || type === 'message.sent')) return
    if (type === 'contact.opened') {
      this.#sources.add(source)
      this.#contacts.set(contactId, null)
    } else if (!this.#contacts.has(contactId)) this.#contacts.set(contactId, source)
  }
}

/** `null`: the folds refuse it. */
function readableEvent(tenant: string, bytes: Uint8Array): CanonicalEvent | null {
  try {
    return eventOf(textOf(bytes), tenant)
  } catch (error) {
    if (error instanceof EntryUnreadable) return null
    throw error
  }
}
