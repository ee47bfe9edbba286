import { agentDaySubject, customerSubject, type Subject } from '@deskpulse/core/state'
import type { Engagement, OutputChange, Session } from '@deskpulse/core/subjects'
import type { Tenant } from '../partition/tenant.ts'

/** What contacts said to one agent's day in this fold. `isNamed`: an event of that day named the agent. */
export type ForAgentDay = {
  readonly tenant: Tenant
  readonly agentId: string
  readonly utcDay: number
  isNamed: boolean
  readonly engagements: Engagement[]
}
/** What contacts said to one customer. */
export type ForCustomer = {
  readonly tenant: Tenant
  readonly sessions: { readonly session: Session; readonly how: OutputChange['how'] }[]
}

/** Collects what the contacts of one fold tell agents and customers, so that those take it in within the same batch. */
export class Outputs {
  readonly agentDays = new Map<Subject, ForAgentDay>()
  readonly customers = new Map<Subject, ForCustomer>()

  take(tenant: Tenant, outputs: readonly OutputChange[]): void {
    for (const { output, how } of outputs) {
      switch (output.kind) {
        case 'engagement': {
          if (how === 'final') break // An agent's day has a lifetime of its own.
          const { contactId } = output.engagement
          const engagement =
            how === 'withdrawn' ? { contactId, spans: [], mentionsMs: [] } : output.engagement
          this.forAgentDay(tenant, output.agentId, output.utcDay).engagements.push(engagement)
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
