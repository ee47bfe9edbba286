import type { CanonicalEvent } from '@deskpulse/core/events'
import type { ContractStep, OwnIdKind } from '@deskpulse/core/subjects'
import type { Tenant } from '../partition/tenant.ts'
import type { Outputs } from './outputs.ts'

type StepsOf = NonNullable<OwnIdKind['steps']>

/** What the contract of a customer has told of how many there are: what differs is told. */
export class ContractTold {
  readonly #tenant: Tenant
  readonly #stepsOf: StepsOf
  #told: readonly ContractStep[]

  /** `events`: as they were told at the last settle. */
  constructor(tenant: Tenant, stepsOf: StepsOf, events: readonly CanonicalEvent[]) {
    this.#tenant = tenant
    this.#stepsOf = stepsOf
    this.#told = stepsOf(events)
  }

  tell(events: readonly CanonicalEvent[], outputs: Outputs): void {
    const [before, now] = [this.#told, this.#stepsOf(events)]
    const takenBack = before.filter((step) => !isIn(now, step))
    const added = now.filter((step) => !isIn(before, step))
    const steps = [...takenBack.map(({ atMs, by }) => ({ atMs, by: -by })), ...added]
    if (steps.length > 0) outputs.tellContracts(this.#tenant, steps)
    this.#told = now
  }
}

/** No two begins of a contract, nor two ends, are at one instant. */
const isIn = (steps: readonly ContractStep[], { atMs, by }: ContractStep): boolean =>
  steps.some((step) => step.atMs === atMs && step.by === by)
