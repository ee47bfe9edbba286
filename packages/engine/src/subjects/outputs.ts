import {
  agentDaySubject,
  contactSubject,
  contractsSubject,
  customerSubject,
  type Subject,
} from '@deskpulse/core/state'
import {
  type AppealChange,
  engagementChange,
  type ContactOutput,
  type ContractStep,
  type Engagement,
  type EngagementChange,
  type OutputChange,
} from '@deskpulse/core/subjects'
import { bucketStart, type EpochMs, slotMs } from '@deskpulse/core/time'
import type { Tenant } from '../partition/tenant.ts'
import type { ContactAppeal } from './contact-appeals.ts'
import type { Ask } from './contact-asks.ts'
import type { Heard } from './own-id-talk.ts'
import type { AskedPurchase, ToCustomer } from './customer-cell.ts'
import { utcDayOf } from './utc-day.ts'

export type AgentDayOf = {
  readonly tenant: Tenant
  readonly agentId: string
  readonly utcDay: number
}
/** What contacts, shifts and the like said to one agent's day in this fold. */
export type ForAgentDay = AgentDayOf & {
  readonly engagements: EngagementChange[]
}
/** What contacts said to one customer, and what orders ask it, each the last; `null`: it is no order of the customer. */
export type ForCustomer = {
  readonly tenant: Tenant
  readonly sessions: ToCustomer[]
  readonly purchases: Map<Subject, AskedPurchase | null>
}

/** What subjects ask one contact (`null`: nothing any more), and what appeals tell it. */
export type ForContact = {
  readonly tenant: Tenant
  readonly asked: { readonly by: Subject; readonly ask: Ask | null }[]
  readonly appealed: { readonly by: Subject; readonly appeal: ContactAppeal }[]
}
/** What contacts, and others with ids of their own, said to one of those: one each, of which a later one replaces it. `null`: nothing any more. */
export type ForOwnId = {
  readonly tenant: Tenant
  readonly said: Map<string, Heard | null>
}

/** By how much it changes, and when, how many customers of a tenant are under contract. */
export type ForContracts = { readonly tenant: Tenant; readonly steps: ContractStep[] }

/** Collects what the contacts and subjects with ids of their own of one fold tell each other, agents and customers, so that those take it in within the same batch. */
export class Outputs {
  readonly agentDays = new Map<Subject, ForAgentDay>()
  /** Days of agents that events of others named. */
  readonly touchedAgentDays = new Map<Subject, AgentDayOf>()
  readonly customers = new Map<Subject, ForCustomer>()
  readonly contacts = new Map<Subject, ForContact>()
  readonly ownIds = new Map<Subject, ForOwnId>()
  readonly contracts = new Map<Subject, ForContracts>()
  /** What people are told of appeals, in the order of the entries that changed them: after each record of the log. */
  readonly appealChanges: AppealChange[] = []

  take(tenant: Tenant, outputs: readonly OutputChange[]): void {
    for (const change of outputs) {
      const { output, how } = change
      switch (output.kind) {
        case 'engagement': {
          const before = how === 'said' ? engagementIn(change.before) : output.engagement
          const after = how === 'withdrawn' ? null : output.engagement
          const differs = engagementChange(before, after) // What is final stands: nothing differs.
          if (differs === null) break
          this.forAgentDay(tenant, output.agentId, output.utcDay).engagements.push(differs)
          break
        }
        case 'handled': {
          const before = how === 'said' ? change.before : output
          const after = how === 'withdrawn' ? null : output
          this.#takeHandled(tenant, output.agentId, handledIn(before), handledIn(after))
          break
        }
        case 'session':
          this.#forCustomer(tenant, customerSubject(tenant.name, output.customerId)).sessions.push({
            session: output.session,
            how,
          })
          break
      }
    }
  }

  /** The UTC day on which the local day begins says of it that something was handled, so that one subject knows all of it. */
  #takeHandled(
    tenant: Tenant,
    agentId: string,
    before: HandledContact | null,
    after: HandledContact | null,
  ): void {
    if (before === after) return // What is final stands.
    const say = ({ contactId, handled }: HandledContact, isSo: boolean): void => {
      const dayStartMs = tenant.dayStart(bucketStart(handled.atMs, slotMs))
      const day = this.forAgentDay(tenant, agentId, utcDayOf(dayStartMs))
      day.engagements.push({
        handled: [{ contactId, dayStartMs, handled: isSo ? handled : null }],
      })
    }
    if (before !== null) say(before, false)
    if (after !== null) say(after, true)
  }

  /**
   * An event of a contact named the agent: its UTC day is kept for a while, and the one on which its local day begins, which says whether anything was handled. Whether it was is not asked
   * here: it may be so for a moment alone, which depends on how the log is cut.
   */
  touchAgentDays(tenant: Tenant, agentId: string, atMs: EpochMs): void {
    const dayStartMs = tenant.dayStart(bucketStart(atMs, slotMs))
    const [utcDay, firstDay] = [utcDayOf(atMs), utcDayOf(dayStartMs)]
    this.touchAgentDay(tenant, agentId, utcDay)
    if (firstDay !== utcDay) this.touchAgentDay(tenant, agentId, firstDay)
  }

  /** An event named the agent's day. */
  touchAgentDay(tenant: Tenant, agentId: string, utcDay: number): void {
    const subject = agentDaySubject(tenant.name, agentId, utcDay)
    this.touchedAgentDays.set(subject, { tenant, agentId, utcDay })
  }

  /** A shift, or what was told of a date, says something else of the agent's day. */
  tellAgentDay(tenant: Tenant, agentId: string, utcDay: number, change: EngagementChange): void {
    this.forAgentDay(tenant, agentId, utcDay).engagements.push(change)
  }

  /** A subject asks a contact; `null`: no longer. */
  askContact(tenant: Tenant, contactId: string, by: Subject, ask: Ask | null): void {
    this.#forContact(tenant, contactId).asked.push({ by, ask })
  }

  appeal(tenant: Tenant, contactId: string, by: Subject, appeal: ContactAppeal): void {
    this.#forContact(tenant, contactId).appealed.push({ by, appeal })
  }

  /** An order asks its customer who sold it; `null`: it is an order of the customer no longer. */
  askCustomer(
    tenant: Tenant,
    customerId: string,
    by: Subject,
    purchase: AskedPurchase | null,
  ): void {
    this.#forCustomer(tenant, customerSubject(tenant.name, customerId)).purchases.set(by, purchase)
  }

  /** `by`: who says it; of each the last one counts. */
  tellOwnId(tenant: Tenant, subject: Subject, by: string, heard: Heard | null): void {
    this.ownIds
      .getOrInsertComputed(subject, () => ({ tenant, said: new Map() }))
      .said.set(by, heard)
  }

  /** The contract of a customer begins or ends at other instants than it did. */
  tellContracts(tenant: Tenant, steps: readonly ContractStep[]): void {
    this.contracts
      .getOrInsertComputed(contractsSubject(tenant.name), () => ({ tenant, steps: [] }))
      .steps.push(...steps)
  }

  /** The agent's day is to be settled, with or without something new. */
  forAgentDay(tenant: Tenant, agentId: string, utcDay: number): ForAgentDay {
    const subject = agentDaySubject(tenant.name, agentId, utcDay)
    let known = this.agentDays.get(subject)
    if (known === undefined)
      this.agentDays.set(subject, (known = { tenant, agentId, utcDay, engagements: [] }))
    return known
  }

  #forContact(tenant: Tenant, contactId: string): ForContact {
    const subject = contactSubject(tenant.name, contactId)
    return this.contacts.getOrInsertComputed(subject, () => ({ tenant, asked: [], appealed: [] }))
  }

  #forCustomer(tenant: Tenant, subject: Subject): ForCustomer {
    let known = this.customers.get(subject)
    if (known === undefined)
      this.customers.set(subject, (known = { tenant, sessions: [], purchases: new Map() }))
    return known
  }
}

type HandledContact = Extract<ContactOutput, { readonly kind: 'handled' }>

const handledIn = (output: ContactOutput | null): HandledContact | null =>
  output?.kind === 'handled' ? output : null

function engagementIn(output: ContactOutput | null): Engagement | null {
  return output?.kind === 'engagement' ? output.engagement : null
}
