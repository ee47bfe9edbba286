import { ownIdKinds } from '@deskpulse/core'
import type { SubjectKind } from '../partition/subject-kind.ts'
import { Agents } from './agents.ts'
import { Contacts } from './contacts.ts'
import { Customers } from './customers.ts'
import { OwnIds } from './own-ids.ts'
import { TenantWatches } from './tenant-watches.ts'

const mebibyte = 1024 ** 2

/** Bytes, about, that a process holds of all partitions of the log together; each partition has its share, whoever owns it. */
const cacheLimits = {
  contacts: 32 * mebibyte,
  packedContacts: 192 * mebibyte,
  ownIds: 16 * mebibyte,
  customers: 16 * mebibyte,
  agentDays: 96 * mebibyte,
  agents: 4 * mebibyte,
} as const

/** Every kind of subject, in the order in which they are settled: who tells another is settled before it. `partitions`: of the log. */
export function subjectKinds(partitions: number): readonly SubjectKind[] {
  return [
    new TenantWatches('s', ({ sources }) => sources),
    new TenantWatches('d', ({ dimensions }) => dimensions),
    new Contacts({ maxBytes: cacheLimits.contacts / partitions, packedBytes: cacheLimits.packedContacts / partitions }),
    new OwnIds(ownIdKinds, cacheLimits.ownIds / partitions),
    new Agents({ dayBytes: cacheLimits.agentDays / partitions, agentBytes: cacheLimits.agents / partitions }),
    new Customers(cacheLimits.customers / partitions),
  ]
}
