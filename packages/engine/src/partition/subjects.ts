import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import { backlogKey, parseSubject, type Subject, tenantsKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { DueWakes, Load, Wake } from '@deskpulse/stream'
import type { ChangeSet } from './change-set.ts'
import { type IncomingEvent, type IncomingRecord, isOfTenant } from './inbox.ts'
import { decodeJson, encodeJson } from './journal.ts'
import { StoredRecords } from './stored-records.ts'
import type { SubjectKind } from './subject-kind.ts'
import { Tenant } from './tenant.ts'

type Configured = (tenant: string) => TenantConfig | undefined

/** `kinds`: in the order in which they are settled. `recordsBytes`: about what is held of measures. */
export type SubjectsOptions = {
  readonly kinds: readonly SubjectKind[]
  readonly recordsBytes: number
  readonly configured?: Configured | undefined
}

/** What the worker holds of a partition: tenants for good, subjects and measures as long as they are used. Folds ask for what they need before they begin. */
export class Subjects {
  readonly kinds: readonly SubjectKind[]
  readonly records: StoredRecords
  /** Those that events of a type may stand at, the first one that has a place for one. */
  readonly #byType: ReadonlyMap<EventType, readonly { readonly kind: SubjectKind }[]>
  readonly #byLetter: ReadonlyMap<string, SubjectKind>
  readonly #tenants = new Map<string, Tenant>()
  /** Tenants that this partition has seen. */
  #names: string[] = []
  readonly #configured: Configured

  constructor({ kinds, recordsBytes, configured = () => undefined }: SubjectsOptions) {
    this.kinds = kinds
    const homes = kinds.flatMap((kind) => kind.types.map((type) => ({ type, kind })))
    this.#byType = Map.groupBy(homes, ({ type }) => type)
    this.#byLetter = new Map(kinds.map((kind) => [kind.letter, kind]))
    this.#configured = configured
    this.records = new StoredRecords(recordsBytes)
  }

  restoreNames(stored: Uint8Array | null): void {
    this.#names = stored === null ? [] : decodeJson<string[]>(stored)
  }

  trim(): void {
    for (const kind of this.kinds) kind.trim()
    this.records.trim()
  }

  /** Tenants that this partition has seen. */
  get names(): readonly string[] {
    return this.#names
  }

  /** Those of these tenants that are not held are loaded. */
  async holdTenants(
    names: readonly string[],
    changes: ChangeSet,
    load: Load,
  ): Promise<(name: string) => Tenant> {
    await this.#loadTenants(new Set(names), changes, load)
    return (name) => this.tenant(name)
  }

  tenant(name: string): Tenant {
    return this.#tenants.get(name)!
  }

  tenants(): Iterable<Tenant> {
    return this.#tenants.values()
  }

  /** Where an event stands; `null`: no KPI of this version reads it. It stays in the log, for a rebuild by a version that does. */
  homeOf(entry: IncomingEvent): Subject | null {
    return entry.home === undefined ? (entry.home = this.#homeOf(entry.event)) : entry.home
  }

  #homeOf(event: CanonicalEvent): Subject | null {
    for (const { kind } of this.#byType.get(event.type) ?? []) {
      const home = kind.homeOf(event)
      if (home !== null) return home
    }
    return null
  }

  /** @throws RangeError when there is no such kind. */
  kindOf(subject: Subject): SubjectKind {
    const kind = this.#byLetter.get(subject[0]!)
    if (kind === undefined) throw new RangeError(`no subject: ${subject}`)
    return kind
  }

  /** The most rules that any tenant has whose rules are held; none is held yet: many. */
  rulesMax(): number {
    let rulesMax = this.#tenants.size === 0 ? 100 : 0
    for (const { rules } of this.#tenants.values()) rulesMax = Math.max(rulesMax, rules.count)
    return rulesMax
  }

  /** The due wakes. Tenants that the records name come in the same round trip: they are kept by `admit`, should the fold take their records. */
  async loadDue(
    records: readonly IncomingRecord[],
    due: DueWakes,
    load: Load,
  ): Promise<{ wakes: readonly Wake[]; admit: Admit }> {
    const missing = [...namesIn(records)].filter((name) => !this.#tenants.has(name))
    const { wakes, ...stored } = await load(
      missing.flatMap((name) => Tenant.keys(name)),
      due,
      missing.map(backlogKey),
    )
    const found = new Map(
      missing.map((name, index) => [name, this.#tenantFrom(name, stored, index)]),
    )
    const admit: Admit = (taken, changes) => {
      for (const name of namesIn(taken)) this.#hold(found.get(name), changes)
    }
    return { wakes, admit }
  }

  /** Loads all that the records and the wakes name and that is not cached: tenants first, as subjects need them. */
  async loadFor(
    records: readonly IncomingRecord[],
    wakes: readonly Wake[],
    logTimeMs: EpochMs,
    changes: ChangeSet,
    load: Load,
  ): Promise<void> {
    await this.#loadTenants(
      new Set(wakes.map(({ subject }) => parseSubject(subject).tenant)),
      changes,
      load,
    )
    const wanted = new Map<SubjectKind, Map<Subject, Tenant>>(
      this.kinds.map((kind) => [kind, new Map()]),
    )
    const want = (subject: Subject, tenant: Tenant): void =>
      void wanted.get(this.kindOf(subject))!.set(subject, tenant)
    for (const { entries } of records) {
      for (const entry of entries) {
        const home = entry.kind === 'event' ? this.homeOf(entry) : null
        if (entry.kind !== 'event' || home === null) continue
        const tenant = this.tenant(entry.tenant)
        want(home, tenant)
        const other = tenant.identities.subjectOf(entry.event)
        if (other !== null && other !== home) want(other, tenant)
      }
    }
    for (const { subject } of wakes) want(subject, this.tenant(parseSubject(subject).tenant))
    for (const [kind, subjects] of wanted)
      if (subjects.size > 0) await kind.load(subjects, logTimeMs, load)
  }

  async #loadTenants(names: ReadonlySet<string>, changes: ChangeSet, load: Load): Promise<void> {
    const missing = [...names].filter((name) => !this.#tenants.has(name))
    if (missing.length === 0) return
    const stored = await load(
      missing.flatMap((name) => Tenant.keys(name)),
      null,
      missing.map(backlogKey),
    )
    for (const [index, name] of missing.entries())
      this.#hold(this.#tenantFrom(name, stored, index), changes)
  }

  #tenantFrom(
    name: string,
    { values, hashes }: Pick<Awaited<ReturnType<Load>>, 'values' | 'hashes'>,
    index: number,
  ): Tenant {
    const count = Tenant.keys(name).length
    return new Tenant(
      name,
      values.slice(count * index, count * (index + 1)),
      hashes[index],
      this.#configured(name),
    )
  }

  #hold(tenant: Tenant | undefined, changes: ChangeSet): void {
    if (tenant === undefined) return
    this.#tenants.set(tenant.name, tenant)
    if (this.#names.includes(tenant.name)) return
    this.#names.push(tenant.name)
    changes.put(tenantsKey, encodeJson(this.#names))
  }
}

/** Keeps the tenants of the records that a fold takes. */
export type Admit = (taken: readonly IncomingRecord[], changes: ChangeSet) => void

function namesIn(records: readonly IncomingRecord[]): Set<string> {
  return new Set(
    records.flatMap(({ entries }) => entries.filter(isOfTenant).map(({ tenant }) => tenant)),
  )
}
