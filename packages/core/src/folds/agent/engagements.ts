import type { EpochMs } from '../../time/time.ts'
import { isEngagedAt, lastInstantMs, type Engagement } from './engagement.ts'

/** What contacts say of an agent's day, by contact. Of many that are over, few go on: only these are looked at to count them. */
export class Engagements {
  readonly #all = new Map<string, Engagement>()
  /** At least those that go on at some instant from `#aheadMs` on. */
  #ahead = new Map<string, Engagement>()
  #aheadMs = -Infinity

  get size(): number {
    return this.#all.size
  }

  get(contactId: string): Engagement | undefined {
    return this.#all.get(contactId)
  }

  values(): Iterable<Engagement> {
    return this.#all.values()
  }

  /** Takes the place of what the contact said before; an empty one says nothing. */
  put(engagement: Engagement): void {
    const { contactId } = engagement
    if (lastInstantMs(engagement) === -Infinity) {
      this.#all.delete(contactId)
      this.#ahead.delete(contactId)
    } else {
      this.#all.set(contactId, engagement)
      this.#ahead.set(contactId, engagement)
    }
  }

  /** How many contacts engage the agent at that instant. Quick where the instants ascend. */
  countAt(atMs: EpochMs): number {
    if (atMs < this.#aheadMs) this.#ahead = new Map(this.#all)
    this.#aheadMs = atMs
    let count = 0
    for (const [contactId, engagement] of this.#ahead) {
      if (isEngagedAt(engagement, atMs)) count += 1
      else if (lastInstantMs(engagement) <= atMs) this.#ahead.delete(contactId)
    }
    return count
  }
}
