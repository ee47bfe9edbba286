import { stateKey, type Subject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, Wake } from '@deskpulse/stream'
import { Cache } from '../partition/cache.ts'
import type { Fold, SubjectKind } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'
import { CustomerCell } from './customer-cell.ts'

/** Customers: no event stands on a timeline of theirs. Their contacts tell them what they know, their orders ask them who sold them; by time alone they are forgotten. */
export class Customers implements SubjectKind {
  readonly letter = 'u'
  readonly types = []
  readonly #cells: Cache<CustomerCell>
  readonly #woken = new Set<Subject>()

  constructor(maxBytes: number) {
    this.#cells = new Cache({ max: maxBytes, weigh: ({ bytes }) => bytes })
  }

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
      this.#cells.set(subject, new CustomerCell(tenant, subject, values[index] ?? null))
  }

  timed(subject: Subject): never {
    throw new RangeError(`a customer has no timeline: ${subject}`)
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
    const { customers } = fold.outputs
    const told = new Map(Array.from(customers, ([subject, { tenant }]) => [subject, tenant]))
    await this.load(told, fold.logTimeMs, fold.load)
    for (const subject of new Set([...customers.keys(), ...this.#woken])) {
      const { sessions, purchases } = customers.get(subject) ?? {}
      this.#cells.get(subject)!.settle(fold, sessions, purchases)
    }
    this.#woken.clear()
  }

  trim(): void {
    this.#cells.trim()
  }
}
