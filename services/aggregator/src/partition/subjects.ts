import { backlogKey, journalKey, parseSubject, stateKey, tenantsKey, type EpochMs, type Subject, type TenantConfig } from '@deskpulse/core'
import type { DueWakes, Load, Wake } from '@deskpulse/stream'
import type { AgentOf } from '../subjects/agent-cell.ts'
import { loadAgentDays, loadAgents, type AgentCaches } from '../subjects/agents.ts'
import { ContactCell } from '../subjects/contact-cell.ts'
import { CustomerCell } from '../subjects/customer-cell.ts'
import type { ForCustomer } from '../subjects/outputs.ts'
import { Cache } from './cache.ts'
import type { ChangeSet } from './change-set.ts'
import { homeAt, homeOf, type Home } from './home.ts'
import { type IncomingRecord, isOfTenant } from './inbox.ts'
import { decodeJson, encodeJson } from './journal.ts'
import { PackedContacts } from './packed-contacts.ts'
import { StoredRecords } from './stored-records.ts'
import { Tenant } from './tenant.ts'

/** What each may hold of the room that all of them have together. Packed contacts are outside of the heap, the others are in it. */
export const cacheShares = { packedContacts: 0.62, agentDays: 0.22, contacts: 0.06, records: 0.06, customers: 0.03, agents: 0.01 } as const

export type SubjectsOptions = {
  /** About what is held of the partition. */
  readonly cacheBytesMax: number
  readonly configured?: (tenant: string) => TenantConfig | undefined
}

const weigh = <Cell extends { readonly bytes: number }>({ bytes }: Cell): number => bytes

type WantedDay = AgentOf & { readonly utcDay: number }

/** What the worker holds of a partition: tenants for good, subjects and measures as long as they are used. Folds ask for what they need before they begin. */
export class Subjects {
  readonly contacts: Cache<ContactCell>
  readonly #packed: PackedContacts
  readonly customers: Cache<CustomerCell>
  readonly agents: AgentCaches
  readonly records: StoredRecords
  readonly #tenants = new Map<string, Tenant>()
  /** Tenants that this partition has seen. */
  #names: string[] = []

  readonly #configured: NonNullable<SubjectsOptions['configured']>

  constructor({ cacheBytesMax, configured = () => undefined }: SubjectsOptions) {
    const max = (name: keyof typeof cacheShares): number => cacheShares[name] * cacheBytesMax
    this.#configured = configured
    this.#packed = new PackedContacts(max('packedContacts'))
    this.contacts = new Cache({
      max: max('contacts'),
      weigh,
      onForgotten: (subject, contact) => this.#pack(subject, contact),
    })
    this.customers = new Cache({ max: max('customers'), weigh })
    this.agents = { days: new Cache({ max: max('agentDays'), weigh }), agents: new Cache({ max: max('agents'), weigh }) }
    this.records = new StoredRecords(max('records'))
  }

  restoreNames(stored: Uint8Array | null): void {
    this.#names = stored === null ? [] : decodeJson<string[]>(stored)
  }

  trim(): void {
    this.contacts.trim()
    this.customers.trim()
    this.agents.days.trim()
    this.agents.agents.trim()
    this.records.trim()
  }

  tenant(name: string): Tenant {
    return this.#tenants.get(name)!
  }

  tenants(): Iterable<Tenant> {
    return this.#tenants.values()
  }

  /** The most rules that any tenant has whose rules are held; none is held yet: many. */
  rulesMax(): number {
    let rulesMax = this.#tenants.size === 0 ? 100 : 0
    for (const { rules } of this.#tenants.values()) rulesMax = Math.max(rulesMax, rules.count)
    return rulesMax
  }

  /** The due wakes. Tenants that the records name come in the same round trip: they are kept by `admit`, should the fold take their records. */
  async loadDue(records: readonly IncomingRecord[], due: DueWakes, load: Load): Promise<{ wakes: readonly Wake[]; admit: Admit }> {
    const missing = [...namesIn(records)].filter((name) => !this.#tenants.has(name))
    const { wakes, ...stored } = await load(
      missing.flatMap((name) => Tenant.keys(name)),
      due,
      missing.map(backlogKey),
    )
    const found = new Map(missing.map((name, index) => [name, this.#tenantFrom(name, stored, index)]))
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
    await this.#loadTenants(new Set(wakes.map(({ subject }) => parseSubject(subject).tenant)), changes, load)
    const contacts = new Map<Subject, { tenant: Tenant; id: string }>()
    const days = new Map<Subject, WantedDay>()
    const agents = new Map<Subject, AgentOf>()
    const want = (tenantName: string, home: Home): void => {
      const tenant = this.tenant(tenantName)
      if (home.kind === 'contact') contacts.set(home.subject, { tenant, id: home.contactId })
      else days.set(home.subject, { tenant, agentId: home.agentId, utcDay: home.utcDay })
    }
    for (const { entries } of records) {
      for (const entry of entries) {
        const home = entry.kind === 'event' ? homeOf(entry.event) : null
        if (entry.kind !== 'event' || home === null) continue
        want(entry.tenant, home)
        const other = this.tenant(entry.tenant).identities.subjectOf(entry.event)
        if (other !== null && other !== home.subject) want(entry.tenant, homeAt(other))
      }
    }
    for (const { subject } of wakes) {
      const parsed = parseSubject(subject)
      if (parsed.kind === 'contact') want(parsed.tenant, { kind: 'contact', subject, contactId: parsed.id })
      if (parsed.kind === 'agent-day') want(parsed.tenant, { kind: 'agent-day', subject, agentId: parsed.id, utcDay: parsed.utcDay })
      if (parsed.kind === 'agent') agents.set(subject, { tenant: this.tenant(parsed.tenant), agentId: parsed.id })
    }
    await this.#loadContacts(contacts, load)
    await loadAgents(this.agents, agents.values(), load)
    for (const [subject, agent] of agents) {
      const utcDay = this.agents.agents.get(subject)!.standingDay(logTimeMs)
      if (utcDay !== null) days.set(`${subject}/${utcDay}`, { ...agent, utcDay })
    }
    await loadAgentDays(this.agents, days.values(), load)
  }

  async loadCustomers(told: ReadonlyMap<Subject, ForCustomer>, load: Load): Promise<void> {
    const missing = [...told].filter(([subject]) => !this.customers.has(subject))
    if (missing.length === 0) return
    const { values } = await load(
      missing.map(([subject]) => stateKey(subject)),
      null,
    )
    for (const [index, [subject, { tenant }]] of missing.entries()) {
      this.customers.set(subject, new CustomerCell(tenant, subject, values[index] ?? null))
    }
  }

  async #loadTenants(names: ReadonlySet<string>, changes: ChangeSet, load: Load): Promise<void> {
    const missing = [...names].filter((name) => !this.#tenants.has(name))
    if (missing.length === 0) return
    const stored = await load(
      missing.flatMap((name) => Tenant.keys(name)),
      null,
      missing.map(backlogKey),
    )
    for (const [index, name] of missing.entries()) this.#hold(this.#tenantFrom(name, stored, index), changes)
  }

  #tenantFrom(name: string, { values, hashes }: Pick<Awaited<ReturnType<Load>>, 'values' | 'hashes'>, index: number): Tenant {
    const count = Tenant.keys(name).length
    return new Tenant(name, values.slice(count * index, count * (index + 1)), hashes[index], this.#configured(name))
  }

  #hold(tenant: Tenant | undefined, changes: ChangeSet): void {
    if (tenant === undefined) return
    this.#tenants.set(tenant.name, tenant)
    if (this.#names.includes(tenant.name)) return
    this.#names.push(tenant.name)
    changes.put(tenantsKey, encodeJson(this.#names))
  }

  async #loadContacts(wanted: ReadonlyMap<Subject, { tenant: Tenant; id: string }>, load: Load): Promise<void> {
    const missing = [...wanted].filter(([subject, { tenant, id }]) => !this.contacts.has(subject) && !this.#unpack(subject, tenant, id))
    if (missing.length === 0) return
    const { values } = await load(
      missing.flatMap(([subject]) => [stateKey(subject), journalKey(subject)]),
      null,
    )
    for (const [index, [subject, { tenant, id }]] of missing.entries()) {
      this.contacts.set(subject, ContactCell.load(tenant, subject, id, values[2 * index] ?? null, values[2 * index + 1] ?? null))
    }
  }

  #pack(subject: Subject, contact: ContactCell): void {
    const packed = contact.pack()
    if (packed !== null) this.#packed.put(subject, packed)
  }

  #unpack(subject: Subject, tenant: Tenant, id: string): boolean {
    const packed = this.#packed.take(subject)
    if (packed === undefined) return false
    this.contacts.set(subject, ContactCell.unpack(tenant, subject, id, packed))
    return true
  }
}

/** Keeps the tenants of the records that a fold takes. */
export type Admit = (taken: readonly IncomingRecord[], changes: ChangeSet) => void

function namesIn(records: readonly IncomingRecord[]): Set<string> {
  return new Set(records.flatMap(({ entries }) => entries.filter(isOfTenant).map(({ tenant }) => tenant)))
}
