import { expect, test } from 'vitest'
import { encodeJson } from '../partition/journal.ts'
import type { Tenant } from '../partition/tenant.ts'
import { AgentCell } from './agent-cell.ts'
import { CustomerCell } from './customer-cell.ts'

const tenant = { name: 'acme' } as Tenant
const sessions = ['c-1', 'c-2', 'c-3'].map((contactId) => ({ contactId, openedMs: 0, topic: undefined, resolution: null }))
const customerOf = (count: number): CustomerCell =>
  new CustomerCell(tenant, 'u/acme/u-1', encodeJson({ sessions: sessions.slice(0, count), final: [] }))

test('what is held weighs at least its objects: a cache of many that hold nothing is bounded too', () => {
  expect(new AgentCell({ tenant, agentId: 'a-1' }, null).bytes).toBeGreaterThan(100)
  expect(customerOf(0).bytes).toBeGreaterThan(100)
})

test('a customer weighs more with each session', () => {
  const [none, one, three] = [0, 1, 3].map((count) => customerOf(count).bytes)
  expect(three! - none!).toBe(3 * (one! - none!))
  expect(one! - none!).toBeGreaterThan(100)
})
