import { parseConfig } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { customerKeys } from './customer-keys.ts'

const parsed = parseConfig({
  tenants: {
    own: { pseudonymise: { key: 'a-key-of-the-tenant' } },
    hidden: { customersArePseudonyms: true },
    plain: null,
  },
})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
const { config } = parsed
const secret = new Uint8Array(32).fill(7)
const keys = customerKeys(config, { key: secret, previous: [] })

test("a configured key stands before the installation's", () => {
  expect(keys('own')).toEqual({ key: 'a-key-of-the-tenant', previous: [] })
})

test('each key of the installation makes one of each tenant, which holds as long', () => {
  const [first, untilMs] = [new Uint8Array(32).fill(8), 1_000]
  const of = (key: Uint8Array) => customerKeys(config, { key, previous: [] })('plain')?.key
  const rotated = { key: secret, previous: [{ key: first, untilMs }] }
  expect(customerKeys(config, rotated)('plain')).toEqual({
    key: of(secret),
    previous: [{ key: of(first), untilMs }],
  })
  const removed = { key: secret, previous: [{ key: null, untilMs }] }
  expect(customerKeys(config, removed)('plain')?.previous).toEqual([{ key: null, untilMs }])
})

test('sources that send pseudonyms need no key', () => {
  expect(keys('hidden')).toBeNull()
})

test('every other tenant has a key of its own, also one that is not configured, and keeps it over restarts', () => {
  expect(keys('plain')).not.toEqual(keys('unnamed'))
  expect(customerKeys(config, { key: secret, previous: [] })('unnamed')).toEqual(keys('unnamed'))
  expect(customerKeys(config, { key: new Uint8Array(32), previous: [] })('unnamed')).not.toEqual(
    keys('unnamed'),
  )
})
