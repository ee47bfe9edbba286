import { customerFacts, Ledger, stateKey, type Session, type Subject } from '@deskpulse/core'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { ForCustomer } from './outputs.ts'

/** A customer as the worker holds it: the sessions that its contacts told of. Its facts follow from them alone, so they are not stored. */
export class CustomerCell {
  readonly #subject: Subject
  readonly #tenant: Tenant
  readonly #sessions: Map<string, Session>
  readonly #ledger: Ledger

  constructor(tenant: Tenant, subject: Subject, stored: Uint8Array | null) {
    this.#tenant = tenant
    this.#subject = subject
    const sessions = stored === null ? [] : decodeJson<Session[]>(stored)
    this.#sessions = new Map(sessions.map((session) => [session.contactId, session]))
    this.#ledger = new Ledger(customerFacts(sessions))
  }

  settle({ sessions }: ForCustomer, changes: ChangeSet, deltas: MeasureDeltas): void {
    for (const { contactId, session } of sessions) {
      if (session === null) this.#sessions.delete(contactId)
      else this.#sessions.set(contactId, session)
    }
    this.#ledger.replaceAll(customerFacts(this.#sessions.values()))
    for (const fact of this.#ledger.takeChanges()) deltas.add(this.#tenant, fact)
    changes.put(stateKey(this.#subject), this.#sessions.size === 0 ? null : encodeJson([...this.#sessions.values()]))
  }
}
