import { decideDeadlines, unwatched, type WatchState } from '@deskpulse/core/alerts'
import { type LimitedDimension, limitedDimensions, nearlyFullShare } from '@deskpulse/core/measures'
import { dimensionsSubject, stateKey, type Subject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { Announcer, Moment } from './announcer.ts'
import type { Watched } from './watch.ts'

/** `sinceMs`: log time from which on it is nearly full; `null`: it is not. */
type Dimension = { readonly sinceMs: EpochMs | null; readonly watch: WatchState }
type Stored = Readonly<Partial<Record<LimitedDimension, Dimension>>>

const roomy: Dimension = { sinceMs: null, watch: unwatched }

/** Since when each of a tenant's limited dimensions has been nearly full, in log time, and the alerts about that. */
export class Dimensions implements Watched {
  readonly subject: Subject
  readonly #tenant: Tenant
  readonly #dimensions: Map<LimitedDimension, Dimension>
  #changed = false
  #nextMs: EpochMs | null | undefined
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, stored: Uint8Array | null) {
    this.subject = dimensionsSubject(tenant.name)
    this.#tenant = tenant
    const known = stored === null ? {} : decodeJson<Stored>(stored)
    this.#dimensions = new Map(
      limitedDimensions.map((dimension) => [dimension, known[dimension] ?? roomy]),
    )
  }

  static key(tenant: string): string {
    return stateKey(dimensionsSubject(tenant))
  }

  decide(moment: Moment, announcer: Announcer): EpochMs | null {
    const dimensions = this.#tenant.isConfigured ? limitedDimensions : []
    const decided = dimensions.map((dimension) =>
      this.#decideDimension(dimension, moment, announcer),
    )
    const nextMs = Math.min(...decided.map((atMs) => atMs ?? Infinity))
    this.#nextMs = nextMs === Infinity ? null : (nextMs as EpochMs)
    return this.#nextMs
  }

  /** The store's wake is gone: `write` sets it again. */
  woken(): void {
    this.#wakeMs = undefined
  }

  write(changes: ChangeSet): void {
    if (this.#changed)
      changes.put(
        stateKey(this.subject),
        encodeJson(Object.fromEntries(this.#dimensions) satisfies Stored),
      )
    this.#changed = false
    if (this.#nextMs === undefined || this.#nextMs === this.#wakeMs) return
    changes.wake(this.subject, this.#nextMs)
    this.#wakeMs = this.#nextMs
  }

  #decideDimension(
    dimension: LimitedDimension,
    moment: Moment,
    announcer: Announcer,
  ): EpochMs | null {
    const { nowMs } = moment
    const { name, rules } = this.#tenant
    const before = this.#dimensions.get(dimension)!
    const config = this.#tenant.configAt(nowMs)
    const sinceMs = this.#isNearlyFull(dimension) ? (before.sinceMs ?? nowMs) : null
    const applied = rules.inForce.dimensions.applied({ sinceMs, nowMs }, before.watch)
    const {
      state: watch,
      changes,
      nextMs,
    } = decideDeadlines(before.watch, applied, nowMs, config.timeZone, moment.clock)
    const about = { tenant: name, subject: `dimension/${dimension}`, slice: 'all' }
    for (const change of changes)
      announcer.announce(about, rules.ruleOf(change.rule, 'dimension'), change, moment)
    if (watch === before.watch && sinceMs === before.sinceMs) return nextMs
    this.#dimensions.set(dimension, { sinceMs, watch })
    this.#changed = true
    return nextMs
  }

  /** What nobody keeps apart may be as full as it likes. A version that is about to be in force counts: nothing would wake this when it is. */
  #isNearlyFull(dimension: LimitedDimension): boolean {
    const { slices, newestConfig } = this.#tenant
    const { dimensions, pairs } = newestConfig.slices
    const { values, valuesMax, past } = slices.limitOf(dimension)
    const isKept = dimensions.includes(dimension) || pairs.some((pair) => pair.includes(dimension))
    return isKept && (past.size > 0 || values > nearlyFullShare * (valuesMax ?? Infinity))
  }
}
