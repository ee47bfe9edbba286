import { stateKey, type Subject } from '@deskpulse/core/state'
import {
  ContractCounts,
  type ContractStep,
  type Received,
  type Row,
  type StoredContracts,
} from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import { ToldDays } from '../partition/subject-days.ts'
import type { Fold } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'

const noEvents: readonly Received[] = []

/** How many customers of a tenant are under contract, as the worker holds it. Its wake is where the next day begins, while there is anybody. */
export class ContractsCell {
  readonly #tenant: Tenant
  readonly #subject: Subject
  readonly #counts: ContractCounts
  readonly #told: ToldDays
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, subject: Subject, stored: Uint8Array | null) {
    this.#tenant = tenant
    this.#subject = subject
    this.#counts = new ContractCounts(stored === null ? null : decodeJson<StoredContracts>(stored))
    this.#told = new ToldDays(tenant, subject)
  }

  get hasAllEvents(): boolean {
    return true
  }

  /** No event stands on its timeline: contracts have them. */
  get received(): readonly Received[] {
    return noEvents
  }

  /** The rows that count, as they were committed. */
  get told(): Iterable<Row> {
    return this.#counts.rows.told
  }

  woken(): void {
    this.#wakeMs = undefined
  }

  /** `steps`: by contracts, in any order. None: its wake is due, or days begin elsewhere. */
  settle(
    { logTimeMs, changes, deltas }: Pick<Fold, 'logTimeMs' | 'changes' | 'deltas'>,
    steps: readonly ContractStep[],
  ): void {
    this.#counts.settle(steps, logTimeMs, this.#tenant.localTime)
    deltas.add(this.#tenant, this.#counts.rows.takeChanges(), this.#told)
    const stored = this.#counts.stored()
    changes.put(stateKey(this.#subject), stored === null ? null : encodeJson(stored))
    const wakeMs = this.#counts.nextMs(this.#tenant.localTime)
    if (wakeMs !== this.#wakeMs) changes.wake(this.#subject, wakeMs)
    this.#wakeMs = wakeMs
  }
}
