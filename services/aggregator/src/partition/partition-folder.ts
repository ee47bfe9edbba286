import {
  foldVersion,
  foldVersionKey,
  futureMaxMs,
  journalKey,
  parseSubject,
  sendersKey,
  stateKey,
  tenantsKey,
  type EpochMs,
  type MeasureRecord,
  type Received,
  type Subject,
} from '@deskpulse/core'
import {
  DeskpulseError,
  type Acquired,
  type Folder,
  type Folded,
  type Load,
  type LogRecord,
  type PartitionId,
  type Wake,
} from '@deskpulse/stream'
import { loadAgentDays, settleAgents, type AgentCaches } from '../subjects/agents.ts'
import { ContactCell } from '../subjects/contact-cell.ts'
import { CustomerCell } from '../subjects/customer-cell.ts'
import { Outputs } from '../subjects/outputs.ts'
import { Cache } from './cache.ts'
import { ChangeSet } from './change-set.ts'
import { homeOf, type Home } from './home.ts'
import { readRecord, type Incoming, type IncomingRecord } from './inbox.ts'
import { decodeJson, encodeJson } from './journal.ts'
import { LogTime } from './log-time.ts'
import { MeasureDeltas, type RecordDelta } from './measure-deltas.ts'
import { writeMeasures } from './measure-writer.ts'
import { refusalEntry, type Refusal } from './refusals.ts'
import { Tenant } from './tenant.ts'

/** A fold takes whole records until it has this many entries: a commit stays near a few thousand keys. */
const entriesPerFold = 2_000
/** What a process holds of all partitions of the log together; each partition has its share, whoever owns it. */
const cacheLimits = { contacts: 12_000, customers: 12_000, agentDays: 4_000, records: 40_000 } as const

export type FolderTelemetry = {
  refused(code: string, count: number): void
  /** What a fold adds to the measures; told before the commit, so that a fold that is repeated tells it again. */
  folded(deltas: readonly RecordDelta[]): void
}

export type FolderOptions = {
  /** Of the log. */
  readonly partitions: number
  readonly deadLetterTopic: string
  readonly telemetry: FolderTelemetry
}

/**
 * Folds the records of one partition: events go to their home subjects, contacts tell agents and customers, all of them change measures, and everything
 * that changed is one change set. Nothing in it depends on how the log was cut into batches.
 */
export class PartitionFolder implements Folder {
  readonly #partition: PartitionId
  readonly #telemetry: FolderTelemetry
  readonly #deadLetterTopic: string
  readonly #tenants = new Map<string, Tenant>()
  readonly #contacts: Cache<ContactCell>
  readonly #customers: Cache<CustomerCell>
  readonly #agents: AgentCaches
  readonly #records: Cache<MeasureRecord>
  readonly #acquired: Acquired
  #time: LogTime | null = null
  #tenantNames: string[] = []

  constructor(partition: PartitionId, acquired: Acquired, { partitions, deadLetterTopic, telemetry }: FolderOptions) {
    this.#contacts = new Cache(cacheLimits.contacts / partitions)
    this.#customers = new Cache(cacheLimits.customers / partitions)
    this.#agents = { days: new Cache(cacheLimits.agentDays / partitions), calendars: new Cache(cacheLimits.agentDays / partitions) }
    this.#records = new Cache(cacheLimits.records / partitions)
    this.#partition = partition
    this.#acquired = acquired
    this.#deadLetterTopic = deadLetterTopic
    this.#telemetry = telemetry
  }

  async fold(records: readonly LogRecord[], load: Load): Promise<Folded> {
    this.#trim()
    const changes = new ChangeSet()
    const time = this.#time ?? (await this.#restore(load, changes))
    const incoming = takeRecords(records)
    const logTimeMs = Math.max(time.nowMs, ...incoming.map(({ appendedAtMs }) => appendedAtMs)) as EpochMs
    const deltas = new MeasureDeltas(logTimeMs)
    const outputs = new Outputs()
    const touched = new Set<ContactCell>()

    const wakes = await this.#loadFor(incoming, logTimeMs, changes, load)
    for (const record of incoming) this.#insertRecord(record, time, changes, outputs, touched)
    this.#wake(wakes, changes, outputs, touched)
    for (const contact of touched) contact.settle(logTimeMs, changes, deltas, outputs)
    await settleAgents(this.#agents, outputs.agentDays, { load, changes, deltas, logTimeMs })
    await this.#settleCustomers(outputs, changes, deltas, load)
    const totals = deltas.total()
    await writeMeasures(totals, this.#records, load, changes, logTimeMs)

    for (const tenant of this.#tenants.values()) tenant.write(changes)
    changes.put(sendersKey, encodeJson(time.senders()))
    const entries = incoming.reduce((sum, record) => sum + record.entries.length, 0)
    this.#telemetry.folded(totals)
    return { taken: incoming.length, entries, change: changes.finish({ logTimeMs: time.nowMs, watermarkMs: time.watermarkMs }) }
  }

  /** What a new owner has to know before its first record. @throws DeskpulseError STORE_FOLD_VERSION */
  async #restore(load: Load, changes: ChangeSet): Promise<LogTime> {
    const { values } = await load([tenantsKey, sendersKey, foldVersionKey], null)
    const [tenants = null, senders = null, version = null] = values
    if (version === null) changes.put(foldVersionKey, encodeJson(foldVersion))
    else assertFoldVersion(this.#partition, decodeJson<number>(version))
    this.#tenantNames = tenants === null ? [] : decodeJson<string[]>(tenants)
    const { logTimeMs, watermarkMs } = this.#acquired
    this.#time = new LogTime(logTimeMs, watermarkMs, senders === null ? {} : decodeJson(senders))
    return this.#time
  }

  /** Loads all that the entries and the due wakes name and that is not cached: tenants first, as subjects need them. */
  async #loadFor(incoming: readonly IncomingRecord[], logTimeMs: EpochMs, changes: ChangeSet, load: Load): Promise<readonly Wake[]> {
    const names = new Set(incoming.flatMap(({ entries }) => entries.flatMap(({ tenant, kind }) => (kind === 'unreadable' ? [] : [tenant]))))
    const { wakes } = await this.#loadTenants(names, logTimeMs, changes, load)
    await this.#loadTenants(new Set(wakes.map(({ subject }) => parseSubject(subject).tenant)), null, changes, load)
    const contacts = new Map<Subject, { tenant: Tenant; id: string }>()
    const agentDays = new Map<Subject, { tenant: Tenant; agentId: string; utcDay: number }>()
    const want = (tenantName: string, home: Home): void => {
      const tenant = this.#tenants.get(tenantName)!
      if (home.kind === 'contact') contacts.set(home.subject, { tenant, id: home.contactId })
      else agentDays.set(home.subject, { tenant, agentId: home.agentId, utcDay: home.utcDay })
    }
    for (const { entries } of incoming) {
      for (const entry of entries) {
        const home = entry.kind === 'event' ? homeOf(entry.event) : null
        if (home !== null) want(entry.tenant, home)
      }
    }
    for (const { subject } of wakes) {
      const parsed = parseSubject(subject)
      if (parsed.kind === 'contact') want(parsed.tenant, { kind: 'contact', subject, contactId: parsed.id })
      if (parsed.kind === 'agent-day') want(parsed.tenant, { kind: 'agent-day', subject, agentId: parsed.id, utcDay: parsed.utcDay })
    }
    await this.#loadContacts(contacts, load)
    await loadAgentDays(this.#agents, agentDays.values(), load)
    return wakes
  }

  async #loadTenants(
    names: ReadonlySet<string>,
    dueUpToMs: EpochMs | null,
    changes: ChangeSet,
    load: Load,
  ): Promise<{ wakes: readonly Wake[] }> {
    const missing = [...names].filter((name) => !this.#tenants.has(name))
    if (missing.length === 0 && dueUpToMs === null) return { wakes: [] }
    const { values, wakes } = await load(
      missing.flatMap((name) => Tenant.keys(name)),
      dueUpToMs,
    )
    for (const [index, name] of missing.entries()) {
      this.#tenants.set(name, new Tenant(name, values[2 * index] ?? null, values[2 * index + 1] ?? null))
      if (this.#tenantNames.includes(name)) continue
      this.#tenantNames.push(name)
      changes.put(tenantsKey, encodeJson(this.#tenantNames))
    }
    return { wakes }
  }

  async #loadContacts(wanted: ReadonlyMap<Subject, { tenant: Tenant; id: string }>, load: Load): Promise<void> {
    const missing = [...wanted].filter(([subject]) => !this.#contacts.has(subject))
    if (missing.length === 0) return
    const { values } = await load(
      missing.flatMap(([subject]) => [stateKey(subject), journalKey(subject)]),
      null,
    )
    for (const [index, [subject, { tenant, id }]] of missing.entries()) {
      this.#contacts.set(subject, new ContactCell(tenant, subject, id, values[2 * index] ?? null, values[2 * index + 1] ?? null))
    }
  }

  #insertRecord(record: IncomingRecord, time: LogTime, changes: ChangeSet, outputs: Outputs, touched: Set<ContactCell>): void {
    if (record.sender === null) time.pass(record.appendedAtMs)
    else time.advance(record.appendedAtMs, record.sender.id, record.sender.backlogMs)
    for (const entry of record.entries) {
      const refusal = this.#insertEntry(entry, record.appendedAtMs, time.nowMs, outputs, touched)
      if (refusal === null) continue
      this.#telemetry.refused(refusal.code, 1)
      changes.out(refusalEntry(this.#partition, this.#deadLetterTopic, entry, refusal))
    }
  }

  #insertEntry(entry: Incoming, appendedAtMs: EpochMs, nowMs: EpochMs, outputs: Outputs, touched: Set<ContactCell>): Refusal | null {
    if (entry.kind === 'unreadable') return { code: 'entry-unreadable', reason: entry.reason }
    const tenant = this.#tenants.get(entry.tenant)!
    if (entry.kind === 'config') {
      const outcome = tenant.propose(entry.config, nowMs)
      if (outcome.kind !== 'conflict') return null
      return {
        code: 'config-conflict',
        reason: `the current version is ${outcome.current ?? 'none'}, not ${entry.config.predecessor ?? 'none'}`,
      }
    }
    tenant.useDefault()
    const { event, bytes } = entry
    if (event.timeMs > appendedAtMs + futureMaxMs)
      return { code: 'future-time', reason: `time is ${event.timeMs - appendedAtMs} ms ahead of the log` }
    const home = homeOf(event)
    if (home === null) return null
    const full = tenant.admit(event)
    if (full !== null) return { code: 'too-many-values', reason: `dimension ${full} is full` }
    // A copy: what stays in a timeline must not hold on to the whole record that it came in.
    return this.#insertEvent(home, tenant, { event, bytes: Buffer.from(bytes), receivedMs: nowMs }, outputs, touched)
  }

  #insertEvent(home: Home, tenant: Tenant, received: Received, outputs: Outputs, touched: Set<ContactCell>): Refusal | null {
    const cell = home.kind === 'contact' ? this.#contacts.get(home.subject)! : this.#agents.days.get(home.subject)!
    const insertion = cell.insert(received)
    switch (insertion.kind) {
      case 'repeated':
        return null
      case 'refused':
        return { code: insertion.code, reason: refusalReasons[insertion.code] }
      case 'inserted':
        if (home.kind === 'agent-day') outputs.forAgentDay(tenant, home.agentId, home.utcDay)
        else if (cell instanceof ContactCell) touched.add(cell)
        return null
    }
  }

  #wake(wakes: readonly Wake[], changes: ChangeSet, outputs: Outputs, touched: Set<ContactCell>): void {
    for (const { subject } of wakes) {
      const parsed = parseSubject(subject)
      changes.wake(subject, null) // Until the fold sets its next one.
      if (parsed.kind === 'agent-day') {
        this.#agents.days.get(subject)?.woken()
        outputs.forAgentDay(this.#tenants.get(parsed.tenant)!, parsed.id, parsed.utcDay)
      } else if (parsed.kind === 'contact') {
        const contact = this.#contacts.get(subject)!
        contact.woken()
        touched.add(contact)
      }
    }
  }

  async #settleCustomers(outputs: Outputs, changes: ChangeSet, deltas: MeasureDeltas, load: Load): Promise<void> {
    const missing = [...outputs.customers].filter(([subject]) => !this.#customers.has(subject))
    if (missing.length > 0) {
      const { values } = await load(
        missing.map(([subject]) => stateKey(subject)),
        null,
      )
      for (const [index, [subject, { tenant }]] of missing.entries()) {
        this.#customers.set(subject, new CustomerCell(tenant, subject, values[index] ?? null))
      }
    }
    for (const [subject, told] of outputs.customers) this.#customers.get(subject)!.settle(told, changes, deltas)
  }

  #trim(): void {
    this.#contacts.trim()
    this.#customers.trim()
    this.#agents.days.trim()
    this.#agents.calendars.trim()
    this.#records.trim()
  }
}

function assertFoldVersion(partition: PartitionId, stored: number): void {
  if (stored === foldVersion) return
  const what = `partition ${partition} was folded by version ${stored} of the folds, this is version ${foldVersion}`
  throw new DeskpulseError('STORE_FOLD_VERSION', `${what}: rebuild the state from the log (docs/operations.md)`)
}

const refusalReasons = {
  'id-conflict': 'the same source and id came with other content, which stays',
  'before-base': 'repeated or too late: it does not sort after events that are beyond the reorder horizon',
  'timeline-full': 'the subject has too many retained events',
  expired: 'the subject is past its lifetime',
} as const

function takeRecords(records: readonly LogRecord[]): IncomingRecord[] {
  const taken: IncomingRecord[] = []
  let entries = 0
  for (const record of records) {
    const read = readRecord(record)
    taken.push(read)
    entries += read.entries.length
    if (entries >= entriesPerFold) break
  }
  return taken
}
