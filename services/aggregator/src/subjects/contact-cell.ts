import { Contact, journalKey, stateKey, type EpochMs, type Received, type StoredContact, type Subject } from '@deskpulse/core'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJournal, decodeJson, encodeJournal, encodeJson, receivedOf } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { Outputs } from './outputs.ts'

/** A contact as the worker holds it: the core's fold, and what is not yet in the store. */
export class ContactCell {
  readonly subject: Subject
  readonly tenant: Tenant
  readonly #contact: Contact
  #unwritten: Received[] = []
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, subject: Subject, contactId: string, stored: Uint8Array | null, journal: Uint8Array | null) {
    this.tenant = tenant
    this.subject = subject
    const received = journal === null ? [] : decodeJournal(journal).map((entry) => receivedOf(entry, tenant.name))
    this.#contact = new Contact(contactId, tenant.configAt, stored === null ? null : decodeJson<StoredContact>(stored), received)
  }

  insert(received: Received): ReturnType<Contact['insert']> {
    const insertion = this.#contact.insert(received)
    if (insertion.kind !== 'inserted') return insertion
    this.#unwritten.push(received)
    if (insertion.replaced !== null) this.#contact.journalStale = true
    return insertion
  }

  /** Folds up to log time and says what that changes; the caller passes the outputs on. */
  settle(logTimeMs: EpochMs, changes: ChangeSet, deltas: MeasureDeltas, outputs: Outputs): void {
    const contact = this.#contact
    if (contact.isBlank) return
    contact.settle(logTimeMs)
    const change = contact.take(logTimeMs)
    for (const fact of change.facts) deltas.add(this.tenant, fact)
    for (const difference of change.open) changes.open(this.tenant, this.subject, difference)
    outputs.take(this.tenant, change.outputs)
    changes.put(stateKey(this.subject), encodeJson(contact.store()))
    this.#writeJournal(changes)
    const wakeMs = contact.nextWakeMs(logTimeMs)
    if (wakeMs !== this.#wakeMs) changes.wake(this.subject, wakeMs)
    this.#wakeMs = wakeMs
  }

  /** A wake that found nothing to change leaves no trace but its removal. */
  woken(): void {
    this.#wakeMs = undefined
  }

  #writeJournal(changes: ChangeSet): void {
    const key = journalKey(this.subject)
    if (this.#contact.journalStale) {
      const { events } = this.#contact.timeline
      changes.put(key, this.#contact.isExpired || events.length === 0 ? null : encodeJournal(events.map(asEntry)))
    } else if (this.#unwritten.length > 0) changes.append(key, encodeJournal(this.#unwritten.map(asEntry)))
    this.#contact.journalStale = false
    this.#unwritten = []
  }
}

function asEntry({ receivedMs, bytes }: Received): { kind: 'event'; receivedMs: EpochMs; bytes: Uint8Array } {
  return { kind: 'event', receivedMs, bytes }
}
