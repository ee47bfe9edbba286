import { ownIdKinds } from '@deskpulse/core/subjects'
import type { SubjectKind } from '../partition/subject-kind.ts'
import { Agents } from './agents.ts'
import { Contacts } from './contacts.ts'
import { Contracts } from './contracts.ts'
import { Customers } from './customers.ts'
import { OwnIds } from './own-ids.ts'
import { TenantWatches } from './tenant-watches.ts'

/** What each may hold of the room of a partition. Packed contacts are outside of the heap, the others are in it. */
export const cacheShares = {
  packedContacts: 0.66,
  agentDays: 0.16,
  contacts: 0.07,
  records: 0.06,
  customers: 0.02,
  ownIds: 0.02,
  agents: 0.01,
} as const

/** Every kind of subject, in the order in which they are settled: who tells another is settled before it. `maxBytes`: about what is held of the partition. */
export function subjectKinds(maxBytes: number): readonly SubjectKind[] {
  const room = (name: keyof typeof cacheShares): number => cacheShares[name] * maxBytes
  return [
    ...contactKinds(maxBytes),
    new Customers(room('customers')),
    new OwnIds(ownIdKinds, room('ownIds')),
    new Contracts(),
    new Agents({ dayBytes: room('agentDays'), agentBytes: room('agents') }),
  ]
}

/** Contacts, whom others ask and tell nothing, and what rules watch of the tenant as a whole. */
export function contactKinds(maxBytes: number): readonly SubjectKind[] {
  const { contacts, packedContacts } = cacheShares
  return [
    new TenantWatches('s', ({ sources }) => sources),
    new TenantWatches('d', ({ dimensions }) => dimensions),
    new Contacts({ maxBytes: contacts * maxBytes, packedBytes: packedContacts * maxBytes }),
  ]
}
