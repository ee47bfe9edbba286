import type { Session } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { AgentCell } from './agent-cell.ts'
import { CustomerCell } from './customer-cell.ts'

const tenant = { name: 'acme' } as Tenant
const sessions = ['c-1', 'c-2', 'c-3'].map((contactId, index): Session => {
  return { contactId, openedMs: index as EpochMs, topic: undefined, resolution: null }
})
const customerOf = (count: number): CustomerCell =>
  new CustomerCell(
    tenant,
    'u/acme/u-1',
    encodeJson({ sessions: sessions.slice(0, count), final: [] }),
  )

/** What is stored of a customer after a fold in which contacts reached the end of their lifetime. */
function storedAfter(customer: CustomerCell, ended: readonly Session[]): unknown {
  const changes = new ChangeSet()
  const told = ended.map((session) => ({ session, how: 'final' as const }))
  customer.settle({ tenant, sessions: told }, changes, {
    add: () => {},
  } as unknown as MeasureDeltas)
  const { bytes } = changes.finish({ logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }).puts[0]!
  return bytes === null ? null : decodeJson(bytes)
}

test('a customer keeps a contact past its lifetime while an earlier one lives, then nothing of both', () => {
  const customer = customerOf(3)
  expect(storedAfter(customer, [sessions[1]!])).toEqual({ sessions, final: ['c-2'] })
  expect(storedAfter(customer, [sessions[0]!])).toEqual({ sessions: [sessions[2]], final: [] })
  expect(storedAfter(customer, [sessions[2]!])).toBeNull()
})

test('what is held weighs at least its objects: a cache of many that hold nothing is bounded too', () => {
  expect(new AgentCell({ tenant, agentId: 'a-1' }, null).bytes).toBeGreaterThan(100)
  expect(customerOf(0).bytes).toBeGreaterThan(100)
})

test('a customer weighs more with each session', () => {
  const [none, one, three] = [0, 1, 3].map((count) => customerOf(count).bytes)
  expect(three! - none!).toBe(3 * (one! - none!))
  expect(one! - none!).toBeGreaterThan(100)
})
