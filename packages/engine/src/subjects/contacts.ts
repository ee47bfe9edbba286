import { type CanonicalEvent, eventTypes } from '@deskpulse/core/events'
import {
  contactSubject,
  journalKey,
  parseSubject,
  stateKey,
  type Subject,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, Wake } from '@deskpulse/stream'
import type { Watch } from '../alerts/watch.ts'
import { Cache } from '../partition/cache.ts'
import type { Fold, SubjectKind } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'
import { ContactCell } from './contact-cell.ts'
import { PackedContacts } from './packed-contacts.ts'

/** `maxBytes`: of contacts at hand, and of open ones that are packed. */
export type ContactRoom = { readonly maxBytes: number; readonly packedBytes: number }

/** Contacts: those that are used are at hand, all other open ones are held packed. */
export class Contacts implements SubjectKind {
  readonly letter = 'c'
  readonly types = eventTypes.filter(
    (type) => type.startsWith('contact.') || type === 'message.sent' || type.startsWith('survey.'),
  )
  readonly #cells: Cache<ContactCell>
  readonly #packed: PackedContacts
  readonly #touched = new Set<ContactCell>()

  constructor({ maxBytes, packedBytes }: ContactRoom) {
    this.#packed = new PackedContacts(packedBytes)
    this.#cells = new Cache({
      max: maxBytes,
      weigh: ({ bytes }) => bytes,
      onForgotten: (subject, contact) => this.#pack(subject, contact),
    })
  }

  homeOf({ tenant, data: { contactId } }: CanonicalEvent): Subject | null {
    return contactId === undefined ? null : contactSubject(tenant, contactId)
  }

  async load(wanted: ReadonlyMap<Subject, Tenant>, _logTimeMs: EpochMs, load: Load): Promise<void> {
    const missing = [...wanted].filter(
      ([subject, tenant]) => !this.#cells.has(subject) && !this.#unpack(subject, tenant),
    )
    if (missing.length === 0) return
    const { values } = await load(
      missing.flatMap(([subject]) => [stateKey(subject), journalKey(subject)]),
      null,
    )
    for (const [index, [subject, tenant]] of missing.entries()) {
      const cell = ContactCell.load(
        tenant,
        subject,
        idOf(subject),
        values[2 * index] ?? null,
        values[2 * index + 1] ?? null,
      )
      this.#cells.set(subject, cell)
    }
  }

  timed(subject: Subject): ContactCell {
    return this.#cells.get(subject)!
  }

  touch(subject: Subject): ContactCell {
    const cell = this.timed(subject)
    this.#touched.add(cell)
    return cell
  }

  wake({ subject, atMs }: Wake, watch: Watch): void {
    const cell = this.touch(subject)
    cell.woken()
    watch.put(cell, atMs)
  }

  watched(tenant: Tenant, nowMs: EpochMs): Subject[] {
    return [...this.#touched]
      .filter((cell) => cell.tenant === tenant && cell.isWatched(nowMs))
      .map(({ subject }) => subject)
  }

  async settle({ logTimeMs, changes, deltas, outputs, load }: Fold): Promise<void> {
    const { contacts } = outputs
    if (contacts.size > 0) {
      await this.load(
        new Map(Array.from(contacts, ([subject, { tenant }]) => [subject, tenant])),
        logTimeMs,
        load,
      )
      for (const [subject, { asked, appealed }] of contacts) {
        const cell = this.touch(subject)
        for (const { by, ask } of asked) cell.ask(by, ask)
        for (const { by, appeal } of appealed) cell.appeal(by, appeal)
      }
    }
    for (const cell of this.#touched) cell.settle(logTimeMs, changes, deltas, outputs)
  }

  trim(): void {
    this.#touched.clear()
    this.#cells.trim()
  }

  #pack(subject: Subject, contact: ContactCell): void {
    const packed = contact.pack()
    if (packed !== null) this.#packed.put(subject, packed)
  }

  #unpack(subject: Subject, tenant: Tenant): boolean {
    const packed = this.#packed.take(subject)
    if (packed === undefined) return false
    this.#cells.set(subject, ContactCell.unpack(tenant, subject, idOf(subject), packed))
    return true
  }
}

function idOf(subject: Subject): string {
  const parsed = parseSubject(subject)
  if (parsed.kind !== 'contact') throw new RangeError(`no contact: ${subject}`)
  return parsed.id
}
