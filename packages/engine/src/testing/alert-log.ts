import {
  alertRulesEntry,
  configEntry,
  encodeAlertRulesEntry,
  encodeConfigEntry,
  entryKinds,
} from '@deskpulse/contract'
import type {
  AgentRule,
  AlertRule,
  AlertTransition,
  ContactRule,
  DimensionRule,
  SourceRule,
} from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import { eventEntry, foldLog, recordOfEntries, transitionsOf } from './fold-log.ts'

export const tenant = 'acme'
/** A Monday, 08:00 UTC. */
export const mondayMs = Date.UTC(2026, 2, 2, 8)
/** Second of the test's log. */
export const at = (second: number): EpochMs => (mondayMs + second * 1_000) as EpochMs

const common = {
  kind: 'deadline',
  enabled: true,
  severity: 'warning',
  escalation: null,
  labels: {},
  text: { en: '', zh: '' },
  hours: null,
  repeatMs: null,
  endpoints: null,
} as const

export const contactRule = (name: string, changed: Partial<ContactRule> = {}): ContactRule => ({
  ...common,
  ...{
    subject: 'contact',
    name,
    limitMs: 30_000,
    warnAt: null,
    waits: ['reply', 'queue'],
    classes: ['live', 'voice'],
    slice: 'all',
  },
  ...changed,
})

export const agentRule = (name: string, changed: Partial<AgentRule> = {}): AgentRule => ({
  ...common,
  ...{ subject: 'agent', name, limitMs: 60_000, warnAt: null, states: ['break'], slice: 'all' },
  ...changed,
})

export const sourceRule = (name: string, changed: Partial<SourceRule> = {}): SourceRule => ({
  ...common,
  ...{ subject: 'source', name, limitMs: 60_000, warnAt: null, sources: null },
  ...changed,
})

export const dimensionRule = (
  name: string,
  changed: Partial<DimensionRule> = {},
): DimensionRule => ({
  ...common,
  ...{ subject: 'dimension', name, limitMs: 5_000 },
  ...changed,
})

let events = 0
/** Each is another one, also of equal content. */
export function event(
  second: number,
  type: EventType,
  data: EventData,
  source = '/chat',
): CanonicalEvent {
  return { type, id: `e-${(events += 1)}`, source, timeMs: at(second), sequence: '0', tenant, data }
}

export const opened = (second: number, contactId: string, data: EventData = {}): CanonicalEvent =>
  event(second, 'contact.opened', { contactId, channel: 'chat', ...data })
/** The customer writes. */
export const asks = (second: number, contactId: string): CanonicalEvent =>
  event(second, 'message.sent', { contactId, from: 'customer' })
export const answers = (second: number, contactId: string): CanonicalEvent =>
  event(second, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' })
export const isIn = (second: number, agentId: string, state: string): CanonicalEvent =>
  event(second, 'agent.state_changed', { agentId, state })

/** Proposals of rules, each naming the one before it. */
export function proposals(of: string = tenant): (...own: readonly AlertRule[]) => Entry {
  let predecessor: string | null = null
  return (...own) => {
    const entry = alertRulesEntry({ predecessor, origin: 'api', author: 'Li', base: [], own })
    predecessor = entry.id
    return { tenant: of, kind: entryKinds.alertRules, bytes: encodeAlertRulesEntry(entry) }
  }
}

/** Proposals of configurations, each naming the one before it. */
export function configProposals(): (config: TenantConfig) => Entry {
  let predecessor: string | null = null
  return (config) => {
    const entry = configEntry(config, predecessor)
    predecessor = entry.id
    return { tenant, kind: entryKinds.config, bytes: encodeConfigEntry(entry) }
  }
}

/** One record for each: the second of its append, and what it holds. */
export function logOf(...records: readonly Step[]): LogRecord[] {
  return records.map(([second, ...entries], offset) =>
    recordOfEntries(
      offset,
      at(second),
      entries.map((entry) => ('kind' in entry ? entry : eventEntry(entry))),
    ),
  )
}

/** `rule subject #number`, what became of it, and in seconds: began, started, ended, found. */
export function told({
  rule,
  subject,
  number,
  status,
  end,
  late,
  sinceMs,
  startedMs,
  endedMs,
  detectedMs,
}: AlertTransition): string {
  const second = (ms: number): number => (ms - mondayMs) / 1_000
  const span = `${second(sinceMs)}–${second(startedMs)}–${endedMs === null ? '' : second(endedMs)}`
  return `${rule} ${subject} #${number} ${end ?? status}${late ? ' late' : ''} ${span} found ${second(detectedMs)}`
}

export type Step = readonly [second: number, ...entries: (CanonicalEvent | Entry)[]]

/** A log that begins with these rules; `change` proposes others. */
export function withRules(
  rules: readonly AlertRule[],
  steps: (change: (...own: AlertRule[]) => Entry) => readonly Step[],
): LogRecord[] {
  const propose = proposals()
  return logOf([0, propose(...rules)], ...steps(propose))
}

/** What is told of a log that is folded as it is live, a record at a time. `restartAt`: before these records another worker takes over. */
export async function toldOf(
  records: readonly LogRecord[],
  restartAt: readonly number[] = [],
): Promise<string[]> {
  return transitionsOf(
    await foldLog(records, { batchSizes: [1], restartAt: new Set(restartAt) }),
  ).map(told)
}
