import type { Subject } from '@deskpulse/core'
import type { PackedContact } from './contact-cell.ts'

/** About what an entry takes beside its characters, of which each is a byte or two. */
const entryBytes = 200

/** Open contacts that are not at hand: held packed, so that an event of one costs no read of the store. Past the limit, those go that were put first. */
export class PackedContacts {
  readonly #maxBytes: number
  readonly #contacts = new Map<Subject, PackedContact>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  put(subject: Subject, contact: PackedContact): void {
    this.take(subject)
    this.#contacts.set(subject, contact)
    this.#bytes += bytesOf(contact)
    for (const oldest of this.#contacts.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.take(oldest)
    }
  }

  /** Hands the contact over: it is held no more. */
  take(subject: Subject): PackedContact | undefined {
    const contact = this.#contacts.get(subject)
    if (contact === undefined) return undefined
    this.#contacts.delete(subject)
    this.#bytes -= bytesOf(contact)
    return contact
  }
}

const bytesOf = ({ image, journal, identities }: PackedContact): number =>
  entryBytes + image.length + journal.length + 8 * identities.length
