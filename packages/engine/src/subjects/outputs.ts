import { agentDaySubject, customerSubject, type Subject } from '@deskpulse/core/state'
import {
  engagementChange,
  type ContactOutput,
  type Engagement,
  type EngagementChange,
  type OutputChange,
} from '@deskpulse/core/subjects'
import type { Tenant } from '../partition/tenant.ts'
import type { ToCustomer } from './customer-cell.ts'

/** What contacts said to one agent's day in this fold. `isNamed`: an event of that day named the agent. */
export type ForAgentDay = {
  readonly tenant: Tenant
  readonly agentId: string
  readonly utcDay: number
  isNamed: boolean
  readonly engagements: EngagementChange[]
}
/** What contacts said to one customer. */
export type ForCustomer = {
  readonly tenant: Tenant
  readonly sessions: ToCustomer[]
}

/** Collects what the contacts of one fold tell agents and customers, so that those take it in within the same batch. */
export class Outputs {
  readonly agentDays = new Map<Subject, ForAgentDay>()
  readonly customers = new Map<Subject, ForCustomer>()

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
        case 'session':
          this.#forCustomer(tenant, output.customerId).sessions.push({
            session: output.session,
            how,
          })
          break
      }
    }
  }

  /** The agent's day is to be settled, with or without something new. */
  forAgentDay(tenant: Tenant, agentId: string, utcDay: number): ForAgentDay {
    const subject = agentDaySubject(tenant.name, agentId, utcDay)
    let known = this.agentDays.get(subject)
    if (known === undefined)
      this.agentDays.set(
        subject,
        (known = { tenant, agentId, utcDay, isNamed: false, engagements: [] }),
      )
    return known
  }

  #forCustomer(tenant: Tenant, customerId: string): ForCustomer {
    const subject = customerSubject(tenant.name, customerId)
    let known = this.customers.get(subject)
    if (known === undefined) this.customers.set(subject, (known = { tenant, sessions: [] }))
    return known
  }
}

function engagementIn(output: ContactOutput | null): Engagement | null {
  return output?.kind === 'engagement' ? output.engagement : null
}
