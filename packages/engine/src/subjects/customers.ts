import { stateKey, type Subject } from '@deskpulse/core/state'
import type { Load } from '@deskpulse/stream'
import { Cache } from '../partition/cache.ts'
import type { Fold, SubjectKind } from '../partition/subject-kind.ts'
import { CustomerCell } from './customer-cell.ts'
import type { ForCustomer } from './outputs.ts'

/** Customers: no event stands on a timeline of theirs, and they do nothing by time alone. Their contacts tell them what they know. */
export class Customers implements SubjectKind {
  readonly letter = 'u'
  readonly types = []
  readonly #cells: Cache<CustomerCell>

  constructor(maxBytes: number) {
    this.#cells = new Cache({ max: maxBytes, weigh: ({ bytes }) => bytes })
  }

  homeOf(): null {
    return null
  }

  load(): Promise<void> {
    return Promise.resolve()
  }

  timed(subject: Subject): never {
    throw new RangeError(`a customer has no timeline: ${subject}`)
  }

  touch(subject: Subject): never {
    return this.timed(subject)
  }

  /** One of an earlier version: it finds nothing. */
  wake(): void {}

  watched(): readonly Subject[] {
    return []
  }

  async settle({ outputs: { customers }, changes, deltas, load }: Fold): Promise<void> {
    await this.#load(customers, load)
    for (const [subject, told] of customers) this.#cells.get(subject)!.settle(told, changes, deltas)
  }

  trim(): void {
    this.#cells.trim()
  }

  async #load(told: ReadonlyMap<Subject, ForCustomer>, load: Load): Promise<void> {
    const missing = [...told].filter(([subject]) => !this.#cells.has(subject))
    if (missing.length === 0) return
    const { values } = await load(
      missing.map(([subject]) => stateKey(subject)),
      null,
    )
    for (const [index, [subject, { tenant }]] of missing.entries()) {
      this.#cells.set(subject, new CustomerCell(tenant, subject, values[index] ?? null))
    }
  }
}
