import type { Subject } from '@deskpulse/core/state'
import type { Exclusion, OwnIdKind, Received } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { ContactAppeal } from './contact-appeals.ts'
import type { Outputs } from './outputs.ts'

type About = NonNullable<OwnIdKind['appeals']>

/** What an appeal tells the contacts that it is about: after each entry that changed it, as a contact may be past its lifetime by the next one. */
export class AppealTold {
  readonly #tenant: Tenant
  readonly #subject: Subject
  readonly #about: About
  #told: ReadonlyMap<string, Exclusion | null>
  #untold: { readonly contactId: string; readonly appeal: ContactAppeal }[] = []

  /** `received`: as it was committed, and told. */
  constructor(tenant: Tenant, subject: Subject, about: About, received: readonly Received[]) {
    this.#tenant = tenant
    this.#subject = subject
    this.#about = about
    this.#told = this.#tellings(received)
  }

  /** An entry at this log time has changed it. A contact that it is no longer about has nothing left out. */
  changed(received: readonly Received[], sinceMs: EpochMs): void {
    const [before, now] = [this.#told, this.#tellings(received)]
    for (const contactId of new Set([...before.keys(), ...now.keys()])) {
      const excluded = now.get(contactId) ?? null
      if (before.has(contactId) && isSame(before.get(contactId)!, excluded)) continue
      this.#untold.push({ contactId, appeal: { excluded, sinceMs } })
    }
    this.#told = now
  }

  tell(outputs: Outputs): void {
    for (const { contactId, appeal } of this.#untold)
      outputs.appeal(this.#tenant, contactId, this.#subject, appeal)
    this.#untold = []
  }

  #tellings(received: readonly Received[]): ReadonlyMap<string, Exclusion | null> {
    const events = received.map(({ event }) => event)
    const about = this.#about(events, this.#tenant.localTime)
    return new Map(about.map(({ contactId, excluded }) => [contactId, excluded]))
  }
}

const isSame = (a: Exclusion | null, b: Exclusion | null): boolean =>
  a === null || b === null
    ? a === b
    : a.agent === b.agent && a.startMs === b.startMs && a.endMs === b.endMs
