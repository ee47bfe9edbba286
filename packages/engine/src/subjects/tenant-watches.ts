import type { Subject } from '@deskpulse/core/state'
import type { Wake } from '@deskpulse/stream'
import type { Watch, Watched } from '../alerts/watch.ts'
import type { SubjectKind } from '../partition/subject-kind.ts'
import type { Tenant } from '../partition/tenant.ts'

/** What is watched of a tenant as a whole (its sources, its dimensions): it is held with the tenant, and has a wake. */
export class TenantWatches implements SubjectKind {
  readonly letter: string
  readonly types = []
  readonly #watchedOf: (tenant: Tenant) => Watched & { woken(): void }
  #tenants: ReadonlyMap<Subject, Tenant> = new Map()

  constructor(letter: string, watchedOf: (tenant: Tenant) => Watched & { woken(): void }) {
    this.letter = letter
    this.#watchedOf = watchedOf
  }

  homeOf(): null {
    return null
  }

  load(wanted: ReadonlyMap<Subject, Tenant>): Promise<void> {
    this.#tenants = wanted
    return Promise.resolve()
  }

  timed(subject: Subject): never {
    throw new RangeError(`no timeline: ${subject}`)
  }

  touch(subject: Subject): never {
    return this.timed(subject)
  }

  wake({ subject, atMs }: Wake, watch: Watch): void {
    const watched = this.#watchedOf(this.#tenants.get(subject)!)
    watched.woken()
    watch.put(watched, atMs)
  }

  watched(): readonly Subject[] {
    return []
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }

  trim(): void {
    this.#tenants = new Map()
  }
}
