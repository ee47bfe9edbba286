import { stateKey, type Subject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, Wake } from '@deskpulse/stream'
import type { Fold, SubjectKind } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'
import { ContractsCell } from './contracts-cell.ts'

/** How many customers of each tenant are under contract: contracts tell by how much it changes, time lets periods begin. It is held with the tenant, for good. */
export class Contracts implements SubjectKind {
  readonly letter = 'k'
  readonly types = []
  readonly #cells = new Map<Subject, ContractsCell>()
  readonly #woken = new Set<Subject>()

  homeOf(): null {
    return null
  }

  async load(wanted: ReadonlyMap<Subject, Tenant>, _logTimeMs: EpochMs, load: Load): Promise<void> {
    const missing = [...wanted].filter(([subject]) => !this.#cells.has(subject))
    if (missing.length === 0) return
    const { values } = await load(
      missing.map(([subject]) => stateKey(subject)),
      null,
    )
    for (const [index, [subject, tenant]] of missing.entries())
      this.#cells.set(subject, new ContractsCell(tenant, subject, values[index] ?? null))
  }

  timed(subject: Subject): never {
    throw new RangeError(`no timeline: ${subject}`)
  }

  touch(subject: Subject): never {
    return this.timed(subject)
  }

  wake({ subject }: Wake): void {
    this.#cells.get(subject)!.woken()
    this.#woken.add(subject)
  }

  watched(): readonly Subject[] {
    return []
  }

  async settle(fold: Fold): Promise<void> {
    const { contracts } = fold.outputs
    const told = new Map(Array.from(contracts, ([subject, { tenant }]) => [subject, tenant]))
    await this.load(told, fold.logTimeMs, fold.load)
    for (const subject of new Set([...contracts.keys(), ...this.#woken]))
      this.#cells.get(subject)!.settle(fold, contracts.get(subject)?.steps ?? [])
    this.#woken.clear()
  }

  trim(): void {}
}
