import {
  agentSubject,
  backlogMembersKey,
  contactSubject,
  decodeOpen,
  type IntervalKind,
  isAgentRow,
  isWaitingRow,
  type OpenEntry,
  openKey,
  type Subject,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load } from '@deskpulse/stream'
import type { ChangeSet } from '../partition/change-set.ts'
import type { Tenant } from '../partition/tenant.ts'

/**
 * New rules, or new hours: all that they may look at is woken at once, to be decided by them before the entries of the next record. Hours also say when a contact is to be
 * resolved that waits for nothing. The store knows who waits, which contacts are open and which agents there are as of the commit before; `touched` is what this fold adds.
 */
export async function wakeWatched(
  tenant: Tenant,
  touched: Iterable<Subject>,
  nowMs: EpochMs,
  load: Load,
  changes: ChangeSet,
): Promise<void> {
  const subjects = new Set([
    ...touched,
    ...(await openSubjects(tenant, load)),
    ...(tenant.hasNewHours ? await openContacts(tenant, load) : []),
    tenant.sources.subject,
    tenant.dimensions.subject,
  ])
  for (const subject of subjects) changes.wake(subject, nowMs)
}

async function openSubjects(tenant: Tenant, load: Load): Promise<Subject[]> {
  const { hashes } = await load([], null, [openKey(tenant.name)])
  const entries = [...(hashes[0] ?? [])].map(([field, bytes]) => decodeOpen(field, bytes))
  return entries.filter(isWatched).flatMap(({ row }) => {
    if (isWaitingRow(row)) return [contactSubject(tenant.name, row.contactId)]
    return isAgentRow(row) ? [agentSubject(tenant.name, row.agentId)] : [] // No rule looks at a forecast or a roster.
  })
}

async function openContacts(tenant: Tenant, load: Load): Promise<Subject[]> {
  const { hashes } = await load([], null, [backlogMembersKey(tenant.name)])
  return [...(hashes[0]?.keys() ?? [])].map((contactId) => contactSubject(tenant.name, contactId))
}

const givenUp: ReadonlySet<IntervalKind> = new Set(['lost.reply', 'lost.queue'])

/** Of a wait that was given up nobody is to be told. */
const isWatched = ({ intervals }: OpenEntry): boolean =>
  intervals.some(({ kind }) => !givenUp.has(kind))
