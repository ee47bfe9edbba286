import { isWaitingRow } from './entry.ts'
import { compareStandings, type Standing, StandingList } from './standing-list.ts'

/** Customers who wait, each once, by the wait that goes on for longest: what changes costs what a list does, and the waits of one customer. A contact whose customer nobody knows stands for itself. */
export class StandingCustomers {
  readonly #list: StandingList
  /** In their order. */
  readonly #waits = new Map<string, Standing[]>()

  /** @param waits in their order, each contact once. */
  constructor(waits: readonly Standing[] = []) {
    const longest: Standing[] = []
    for (const wait of waits) {
      const customer = customerOf(wait)
      const known = this.#waits.get(customer)
      if (known === undefined) {
        this.#waits.set(customer, [wait])
        longest.push(wait)
      } else known.push(wait)
    }
    this.#list = new StandingList(longest)
  }

  get isEmpty(): boolean {
    return this.#list.isEmpty
  }

  add(wait: Standing): void {
    const waits = this.#waits.getOrInsertComputed(customerOf(wait), () => [])
    this.#change(waits, () => {
      const place = waits.findIndex((one) => compareStandings(wait, one) < 0)
      waits.splice(place < 0 ? waits.length : place, 0, wait)
    })
  }

  remove(wait: Standing): void {
    const customer = customerOf(wait)
    const waits = this.#waits.get(customer)
    if (waits === undefined) return
    this.#change(waits, () => {
      const place = waits.findIndex(({ id }) => id === wait.id)
      if (place >= 0) waits.splice(place, 1)
    })
    if (waits.length === 0) this.#waits.delete(customer)
  }

  /** How many customers have waited since an instant, or before it. */
  count(upToMs: number): number {
    return this.#list.count(upToMs)
  }

  /** The longest wait of each of those, the longest first, at most `limit`. */
  first(limit: number, upToMs: number): Standing[] {
    return this.#list.first(limit, upToMs)
  }

  /** The longest of the waits of a customer stands in the list. */
  #change(waits: Standing[], change: () => void): void {
    const before = waits[0]
    change()
    const now = waits[0]
    if (before === now) return
    if (before !== undefined) this.#list.remove(before)
    if (now !== undefined) this.#list.add(now)
  }
}

function customerOf({ id, row }: Standing): string {
  const customerId = isWaitingRow(row) ? row.customerId : undefined
  return customerId === undefined ? `contact ${id}` : `customer ${customerId}`
}
