import {
  agentStates,
  agentSubject,
  allText,
  contactSubject,
  decodeAgentMember,
  decodeWaiting,
  type EpochMs,
  type OpenKind,
  type Subject,
} from '@deskpulse/core'
import type { Load } from '@deskpulse/stream'
import type { ChangeSet } from '../partition/change-set.ts'
import type { Tenant } from '../partition/tenant.ts'

const waitKinds: readonly OpenKind[] = ['reply.live', 'reply.deferred', 'queue.voice']
const agentKinds: readonly OpenKind[] = agentStates.map((state) => `agent.${state}` as const)

/**
 * New rules: all that they may look at is woken at once, to be decided by them before the entries of the next record. The store knows who waits and which
 * agents there are as of the commit before; `touched` is what this fold adds to them.
 */
export async function wakeWatched(
  tenant: Tenant,
  touched: Iterable<Subject>,
  nowMs: EpochMs,
  load: Load,
  changes: ChangeSet,
): Promise<void> {
  const subjects = new Set([...touched, ...(await openSubjects(tenant, load)), tenant.sources.subject, tenant.dimensions.subject])
  for (const subject of subjects) changes.wake(subject, nowMs)
}

async function openSubjects(tenant: Tenant, load: Load): Promise<Subject[]> {
  const all = tenant.slices.idOf(allText)
  if (all === undefined) return []
  const keys = [...waitKinds, ...agentKinds].map((kind) => tenant.openKeyOf(all, kind))
  const { members } = await load([], null, keys)
  return members.flatMap((ofKey, index) =>
    ofKey.map((member) =>
      index < waitKinds.length
        ? contactSubject(tenant.name, decodeWaiting(member).contactId)
        : agentSubject(tenant.name, decodeAgentMember(member).agentId),
    ),
  )
}
