import { createHmac } from 'node:crypto'
import { parseConfig } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import {
  type CustomerKeys,
  keysOfConfig,
  pseudonymiser,
  pseudonymsOf,
  withoutStaying,
} from './pseudonym.ts'

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

const under = (key: string, customerId: string): string =>
  createHmac('sha256', key).update(customerId).digest().subarray(0, 16).toString('base64url')

const customers = (events: readonly CanonicalEvent[]) => events.map(({ data }) => data.customerId)

test('a customer becomes 128 bits of the HMAC under the tenant’s key, the same each time', () => {
  const hide = pseudonymiser(() => only('secret'))
  expect([hide(event), hide(event)].map(customers)).toEqual([
    [under('secret', 'u-9')],
    [under('secret', 'u-9')],
  ])
})

test('tenants with other keys give one customer other pseudonyms', () => {
  const hide = pseudonymiser((tenant) => only(`key of ${tenant}`))
  expect(customers(hide(event))).not.toEqual(customers(hide({ ...event, tenant: 'other' })))
})

test('where the source did it already, and where there is no customer, nothing changes', () => {
  expect(pseudonymiser(() => null)(event)[0]).toBe(event)
  const nobody = { ...event, data: { contactId: 'c' } }
  expect(pseudonymiser(() => only('secret'))(nobody)[0]).toBe(nobody)
})

const [first, second] = [1_000, 2_000]
const rotated: CustomerKeys = {
  key: 'third',
  previous: [
    { key: 'first', untilMs: first },
    { key: 'second', untilMs: second },
  ],
}
const at = (timeMs: number, type: CanonicalEvent['type'] = 'contact.updated'): CanonicalEvent => ({
  ...{ ...event, type, timeMs: timeMs as EpochMs },
})

test.each([
  { timeMs: 0, key: 'first' },
  { timeMs: first - 1, key: 'first' },
  { timeMs: first, key: 'second' },
  { timeMs: second - 1, key: 'second' },
  { timeMs: second, key: 'third' },
  { timeMs: 9_000, key: 'third' },
])('an event of $timeMs is hidden under the key of its own time', ({ timeMs, key }) => {
  expect(customers(pseudonymiser(() => rotated)(at(timeMs)))).toEqual([under(key, 'u-9')])
})

test('of a time whose key was removed there is nothing that could be said', () => {
  const [gone, ...rest] = rotated.previous
  const hide = pseudonymiser(() => ({
    ...rotated,
    previous: [{ ...gone!, key: null }, ...rest],
  }))
  expect(hide(at(first - 1))).toEqual([])
  expect(customers(hide(at(first)))).toEqual([under('second', 'u-9')])
  expect(customers(hide(at(second, 'customer.left')))).toEqual([
    under('third', 'u-9'),
    under('second', 'u-9'),
  ])
})

test('who is known to be this customer are those of all keys that are there', () => {
  expect(pseudonymsOf(() => rotated, 'acme', 'u-9')).toEqual(
    ['first', 'second', 'third'].map((key) => under(key, 'u-9')),
  )
  expect(pseudonymsOf(() => null, 'acme', 'u-9')).toEqual(['u-9'])
})

describe('a contract that began under a previous key', () => {
  const hide = pseudonymiser(() => rotated)
  const said = (events: readonly CanonicalEvent[]) =>
    events.map(({ type, id, timeMs, data }) => ({ type, id, timeMs, data }))
  const ids = ['1:until-1970-01-01T00:00:01.000Z', '1:until-1970-01-01T00:00:02.000Z']

  test('ends where its customer leaves', () => {
    const left = { type: 'customer.left', timeMs: second }
    expect(said(hide(at(second, 'customer.left')))).toEqual([
      {
        ...{ ...left, id: '1:from-1970-01-01T00:00:02.000Z' },
        data: { contactId: 'c', customerId: under('third', 'u-9') },
      },
      { ...left, id: ids[0], data: { contactId: 'c', customerId: under('first', 'u-9') } },
      { ...left, id: ids[1], data: { contactId: 'c', customerId: under('second', 'u-9') } },
    ])
  })

  test('goes on under the next one where one begins, or is stated anew', () => {
    expect(said(hide(at(first, 'customer.started')))).toEqual([
      {
        ...{ type: 'customer.started', timeMs: first, id: '1:from-1970-01-01T00:00:01.000Z' },
        data: { contactId: 'c', customerId: under('second', 'u-9') },
      },
      {
        ...{ type: 'customer.left', timeMs: first, id: ids[0] },
        data: { goesOn: true, customerId: under('first', 'u-9') },
      },
    ])
  })

  test('is not over before the key changes', () => {
    const before = at(first - 1, 'customer.left')
    expect(hide(before).map(({ id }) => id)).toEqual([before.id])
  })

  test('has another id after a change, also of a key that was removed, and no other event has', () => {
    const removed = { ...rotated, previous: rotated.previous.map((one) => ({ ...one, key: null })) }
    const idsOf = (keys: CustomerKeys, type: CanonicalEvent['type']) =>
      pseudonymiser(() => keys)(at(second, type)).map(({ id }) => id)
    expect(idsOf(removed, 'customer.started')).toEqual(['1:from-1970-01-01T00:00:02.000Z'])
    expect(idsOf(rotated, 'contact.opened')).toEqual(['1'])
  })

  test('has an id that is no longer than ids are, and the same each time', () => {
    const long = { ...at(second, 'customer.left'), id: '😀'.repeat(256) }
    const [one, again] = [hide(long), hide(long)].map((events) => events.map(({ id }) => id))
    expect(one).toEqual(again)
    expect(one!.every((id) => /^[0-9a-f]{64}:(from|until)-[\dT:.Z-]{24}$/.test(id))).toBe(true)
    const fits = { ...long, id: 'x'.repeat(225) }
    expect(hide(fits)[1]!.id).toBe(`${fits.id}:until-1970-01-01T00:00:01.000Z`)
  })
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

test('a change that was taken back changes nothing', () => {
  const back: CustomerKeys = { key: 'one', previous: [{ key: 'one', untilMs: first }] }
  expect(withoutStaying(back)).toEqual({ key: 'one', previous: [] })
  const bytes = { key: Buffer.from('b'), previous: [{ key: 'a', untilMs: first }] }
  expect(withoutStaying(bytes)).toEqual(bytes)
  const removed = {
    key: 'b',
    previous: [
      { key: null, untilMs: first },
      { key: 'b', untilMs: second },
    ],
  }
  expect(withoutStaying(removed)).toEqual({ key: 'b', previous: [{ key: null, untilMs: first }] })
})
