import {
  decideDeadlines,
  isLive,
  silentSince,
  sourceForgottenAfterMs,
  unwatched,
  type WatchState,
} from '@deskpulse/core/alerts'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { sourcesSubject, stateKey, type Subject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { Tenant } from '../partition/tenant.ts'
import type { Announcer, Moment } from './announcer.ts'
import type { Watched } from './watch.ts'

/** Of one tenant: further ones are not watched until others are forgotten. */
const sourcesMax = 500

type Source = { readonly heardMs: EpochMs; readonly watch: WatchState }
type StoredSource = readonly [source: string, heardMs: EpochMs, watch?: WatchState]
/** `numbers`: how many alerts each rule ever had on a source that is forgotten, at most: one that comes back goes on from there. */
type Stored = {
  readonly sources: readonly StoredSource[]
  readonly numbers: readonly (readonly [rule: string, count: number])[]
}

/** When each of a tenant's sources last sent a live event, in log time, and the alerts of those that went silent. */
export class Sources implements Watched {
  readonly subject: Subject
  readonly #tenant: Tenant
  readonly #sources: Map<string, Source>
  readonly #numbers: Map<string, number>
  #touched = new Set<string>()
  /** No source changes by time alone before that; `undefined`: not yet known, and the store's wake stands. */
  #nextMs: EpochMs | null | undefined
  #changed = false
  #wakeMs: EpochMs | null | undefined

  constructor(tenant: Tenant, stored: Uint8Array | null) {
    this.subject = sourcesSubject(tenant.name)
    this.#tenant = tenant
    const { sources, numbers }: Stored =
      stored === null ? { sources: [], numbers: [] } : decodeJson(stored)
    this.#sources = new Map(
      sources.map(([source, heardMs, watch = unwatched]) => [source, { heardMs, watch }]),
    )
    this.#numbers = new Map(numbers)
  }

  static key(tenant: string): string {
    return stateKey(sourcesSubject(tenant))
  }

  /** An accepted event. `clockMs`: what time it is by the clocks; `nowMs`: log time. @returns whether that may decide something: a new source, or one that was silent. */
  heard({ source, timeMs }: CanonicalEvent, clockMs: EpochMs, nowMs: EpochMs): boolean {
    if (!isLive(timeMs, clockMs)) return false
    const known = this.#sources.get(source)
    if (known === undefined && this.#sources.size >= sourcesMax) return false
    this.#changed = true
    if (known === undefined || isFiring(known.watch)) this.#touched.add(source)
    if (known === undefined) this.#sources.set(source, { heardMs: nowMs, watch: this.#newWatch() })
    else if (known.heardMs !== nowMs) this.#sources.set(source, { ...known, heardMs: nowMs })
    return this.#touched.size > 0
  }

  decide(moment: Moment, announcer: Announcer): EpochMs | null {
    const knownMs =
      this.#touched.size === 0 || this.#nextMs === undefined
        ? -Infinity
        : (this.#nextMs ?? Infinity)
    const all = knownMs <= moment.nowMs
    let nextMs = all ? Infinity : knownMs
    for (const source of all ? [...this.#sources.keys()] : this.#touched) {
      nextMs = Math.min(nextMs, this.#decideSource(source, moment, announcer))
    }
    this.#touched = new Set()
    this.#nextMs = nextMs === Infinity ? null : (nextMs as EpochMs)
    return this.#nextMs
  }

  /** The store's wake is gone: `write` sets it again. */
  woken(): void {
    this.#wakeMs = undefined
  }

  write(changes: ChangeSet): void {
    if (this.#changed) changes.put(stateKey(this.subject), this.#encode())
    this.#changed = false
    const [standsMs, nextMs] = [this.#wakeMs, this.#nextMs]
    if (nextMs === undefined || nextMs === standsMs) return
    // A wake that comes too early finds nothing and is moved then: it does not follow every event.
    if (typeof standsMs === 'number' && nextMs !== null && standsMs < nextMs) return
    changes.wake(this.subject, nextMs)
    this.#wakeMs = nextMs
  }

  /** @returns when to look at it again; `Infinity`: it is forgotten. */
  #decideSource(source: string, moment: Moment, announcer: Announcer): number {
    const { heardMs, watch } = this.#sources.get(source)!
    const { nowMs } = moment
    const lastMs = silentSince(heardMs, watch, moment.clock)
    const forgottenMs = heardMs + sourceForgottenAfterMs
    const isForgotten = nowMs >= forgottenMs
    const applied = isForgotten
      ? []
      : this.#tenant.rules.inForce.sources.applied({ source, lastMs }, watch)
    const { state, changes, nextMs } = decideDeadlines(
      watch,
      applied,
      nowMs,
      this.#tenant.configAt(nowMs).timeZone,
      moment.clock,
    )
    const about = { tenant: this.#tenant.name, subject: `source/${source}`, slice: 'all' }
    for (const change of changes)
      announcer.announce(about, this.#tenant.rules.ruleOf(change.rule, 'source'), change, moment)
    if (state !== watch || isForgotten) this.#changed = true
    if (isForgotten) this.#forget(source, state)
    else if (state !== watch) this.#sources.set(source, { heardMs, watch: state })
    return isForgotten ? Infinity : Math.min(nextMs ?? Infinity, forgottenMs)
  }

  #newWatch(): WatchState {
    return this.#numbers.size === 0
      ? unwatched
      : { active: {}, counts: Object.fromEntries(this.#numbers) }
  }

  #forget(source: string, { counts }: WatchState): void {
    this.#sources.delete(source)
    for (const [rule, count] of Object.entries(counts))
      this.#numbers.set(rule, Math.max(count, this.#numbers.get(rule) ?? 0))
  }

  #encode(): Uint8Array {
    const sources = [...this.#sources].map(([source, { heardMs, watch }]): StoredSource =>
      watch === unwatched ? [source, heardMs] : [source, heardMs, watch],
    )
    const stored: Stored = { sources, numbers: [...this.#numbers] }
    return encodeJson(stored)
  }
}

function isFiring(watch: WatchState): boolean {
  return watch !== unwatched && Object.keys(watch.active).length > 0
}
