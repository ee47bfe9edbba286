import {
  decodeRefusalHead,
  encodeRefusalHead,
  encodeRefusalPage,
  type ListedRefusal,
  pageOfRefusal,
  refusalLimits,
} from '@deskpulse/contract'
import { refusalPageKey, refusalsKey } from '@deskpulse/core/state'
import type { ChangeSet } from './change-set.ts'

/**
 * A tenant's last refusals, in the order of the log. A commit writes the page that is being filled and the pages that were filled, each once: however many
 * are refused, it is never more than what is listed.
 */
export class RefusalList {
  readonly #tenant: string
  #total: number
  #filling: ListedRefusal[]
  /** Filled since the last write. Of two that share a place the later one stays. */
  readonly #filled = new Map<number, readonly ListedRefusal[]>()

  /** `stored`: the record under `refusalsKey`. */
  constructor(tenant: string, stored: Uint8Array | null) {
    const head = stored === null ? { total: 0, filling: [] } : decodeRefusalHead(stored)
    this.#tenant = tenant
    this.#total = head.total
    this.#filling = head.filling
  }

  add(refusal: ListedRefusal): void {
    this.#filling.push(refusal)
    this.#total += 1
    if (this.#filling.length < refusalLimits.perPage) return
    this.#filled.set(pageOfRefusal(this.#total - 1), this.#filling)
    this.#filling = []
  }

  write(changes: ChangeSet): void {
    changes.put(
      refusalsKey(this.#tenant),
      encodeRefusalHead({ total: this.#total, filling: this.#filling }),
    )
    for (const [page, refusals] of this.#filled)
      changes.put(refusalPageKey(this.#tenant, page), encodeRefusalPage(refusals))
    this.#filled.clear()
  }
}
