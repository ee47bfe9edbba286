import { stateKey, type Subject } from '@deskpulse/core/state'
import { RowSet, type Session, sessionRows, settledSessions } from '@deskpulse/core/subjects'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { ForCustomer } from './outputs.ts'

type StoredCustomer = { readonly sessions: readonly Session[]; readonly final: readonly string[] }

/** About what the objects of a customer take, of a session, and more of one that was solved, with its rows. */
const [customerBytes, sessionBytes, solvedBytes] = [850, 120, 320]

/** A customer as the worker holds it: the sessions that its contacts told of. Its rows follow from them alone, so they are not stored. */
export class CustomerCell {
  readonly #subject: Subject
  readonly #tenant: Tenant
  readonly #sessions: Map<string, Session>
  /** Contacts past their lifetime. */
  readonly #final: Set<string>
  readonly #rows: RowSet

  constructor(tenant: Tenant, subject: Subject, stored: Uint8Array | null) {
    this.#tenant = tenant
    this.#subject = subject
    const { sessions, final } =
      stored === null ? { sessions: [], final: [] } : decodeJson<StoredCustomer>(stored)
    this.#sessions = new Map(sessions.map((session) => [session.contactId, session]))
    this.#final = new Set(final)
    this.#rows = new RowSet(sessionRows(sessions))
  }

  /** About what it takes of the memory. */
  get bytes(): number {
    let bytes = customerBytes
    for (const { resolution } of this.#sessions.values())
      bytes += resolution === null ? sessionBytes : sessionBytes + solvedBytes
    return bytes
  }

  settle({ sessions }: ForCustomer, changes: ChangeSet, deltas: MeasureDeltas): void {
    for (const { session, how } of sessions) {
      if (how === 'said') this.#sessions.set(session.contactId, session)
      else if (how === 'withdrawn') this.#sessions.delete(session.contactId)
      else if (this.#sessions.has(session.contactId)) this.#final.add(session.contactId)
    }
    this.#rows.replaceAll(sessionRows(this.#sessions.values()))
    for (const change of this.#rows.takeChanges()) deltas.add(this.#tenant, change)
    this.#forgetSettled()
    const stored: StoredCustomer = {
      sessions: [...this.#sessions.values()],
      final: [...this.#final],
    }
    changes.put(stateKey(this.#subject), this.#sessions.size === 0 ? null : encodeJson(stored))
  }

  /** Their rows stay counted. */
  #forgetSettled(): void {
    for (const { contactId } of settledSessions(this.#sessions.values(), this.#final)) {
      this.#sessions.delete(contactId)
      this.#final.delete(contactId)
      this.#rows.forget(`session/${contactId}`)
    }
  }
}
