import { createHmac } from 'node:crypto'
import { parseConfig } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { type CustomerKeys, keysOfConfig, pseudonymiser } from './pseudonym.ts'

const event: CanonicalEvent = {
  type: 'contact.updated',
  id: '1',
  source: '/s',
  timeMs: 0 as EpochMs,
  sequence: '0',
  tenant: 'acme',
  data: { contactId: 'c', customerId: 'u-9' },
}

const only = (key: string): CustomerKeys => ({ key, previous: [] })

test('a customer becomes 128 bits of the HMAC under the tenant’s key, the same each time', () => {
  const hide = pseudonymiser(() => only('secret'))
  const expected = createHmac('sha256', 'secret')
    .update('u-9')
    .digest()
    .subarray(0, 16)
    .toString('base64url')
  expect([hide(event), hide(event)].map((one) => one?.data.customerId)).toEqual([
    expected,
    expected,
  ])
})

test('tenants with other keys give one customer other pseudonyms', () => {
  const hide = pseudonymiser((tenant) => only(`key of ${tenant}`))
  expect(hide(event)?.data.customerId).not.toBe(
    hide({ ...event, tenant: 'other' })?.data.customerId,
  )
})

test('where the source did it already, and where there is no customer, nothing changes', () => {
  expect(pseudonymiser(() => null)(event)).toBe(event)
  const nobody = { ...event, data: { contactId: 'c' } }
  expect(pseudonymiser(() => only('secret'))(nobody)).toBe(nobody)
})

test.each([
  { rule: 'a tenant without a key', raw: { tenants: { acme: {} } } },
  { rule: 'tenants that the file does not name', raw: { openTenants: true } },
])('$rule: nothing is taken in, were the configuration not checked before', ({ raw }) => {
  const parsed = parseConfig(raw)
  if (!parsed.ok) throw new Error('the configuration is good')
  expect(() => keysOfConfig(parsed.config)).toThrow('customer ids would be kept as they are')
})

test('a tenant has its key, or none when its customers are pseudonyms', () => {
  const parsed = parseConfig({
    tenants: {
      acme: { pseudonymise: { key: '0123456789abcdef' } },
      plain: { customersArePseudonyms: true },
    },
  })
  if (!parsed.ok) throw new Error('the configuration is good')
  const keysOf = keysOfConfig(parsed.config)
  expect([keysOf('acme'), keysOf('plain')]).toEqual([only('0123456789abcdef'), null])
})
