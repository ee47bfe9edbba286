import type { Subject } from '@deskpulse/core/state'
import {
  type AppealChange,
  appealChange,
  type Exclusion,
  type OwnIdKind,
  type Received,
} from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { ContactAppeal } from './contact-appeals.ts'
import type { Outputs } from './outputs.ts'

type Stands = NonNullable<OwnIdKind['appeals']>
type Standing = ReturnType<Stands>

/** What an appeal tells the contacts that it is about, and people: after each entry that changed it, as a contact may be past its lifetime by the next one, and as what people are told must not depend on batches. */
export class AppealTold {
  readonly #tenant: Tenant
  readonly #subject: Subject
  readonly #stands: Stands
  #standing: Standing
  #untold: { readonly contactId: string; readonly appeal: ContactAppeal }[] = []
  #changes: AppealChange[] = []

  /** `received`: as it was committed, and told. */
  constructor(tenant: Tenant, subject: Subject, stands: Stands, received: readonly Received[]) {
    this.#tenant = tenant
    this.#subject = subject
    this.#stands = stands
    this.#standing = this.#standingOf(received)
  }

  /** An entry at this log time has changed it. A contact that it is no longer about has nothing left out. */
  changed(received: readonly Received[], sinceMs: EpochMs): void {
    const [standing, standsNow] = [this.#standing, this.#standingOf(received)]
    const [before, now] = [contactsOf(standing), contactsOf(standsNow)]
    for (const contactId of new Set([...before.keys(), ...now.keys()])) {
      const excluded = now.get(contactId) ?? null
      if (before.has(contactId) && isSame(before.get(contactId)!, excluded)) continue
      this.#untold.push({ contactId, appeal: { excluded, sinceMs } })
    }
    const change = appealChange(this.#tenant.name, standing?.row ?? null, standsNow?.row ?? null)
    if (change !== null) this.#changes.push(change)
    this.#standing = standsNow
  }

  tell(outputs: Outputs): void {
    for (const { contactId, appeal } of this.#untold)
      outputs.appeal(this.#tenant, contactId, this.#subject, appeal)
    outputs.appealChanges.push(...this.#changes)
    this.#untold = []
    this.#changes = []
  }

  #standingOf(received: readonly Received[]): Standing {
    return this.#stands(
      received.map(({ event }) => event),
      this.#tenant.localTime,
    )
  }
}

const contactsOf = (standing: Standing): ReadonlyMap<string, Exclusion | null> =>
  new Map(standing?.contacts.map(({ contactId, excluded }) => [contactId, excluded]))

const isSame = (a: Exclusion | null, b: Exclusion | null): boolean =>
  a === null || b === null
    ? a === b
    : a.agent === b.agent && a.startMs === b.startMs && a.endMs === b.endMs
