import { expect, test } from 'vitest'
import type { Principal } from '@deskpulse/runtime'
import { personOf } from './people.ts'

const config = {
  claims: { name: 'name', roles: 'realm.roles', tenants: 'tenants' },
  roles: { viewer: ['v'], supervisor: ['s'], admin: ['a'] },
}
const claims = {
  sub: 'u-1',
  name: 'Li Na',
  realm: { roles: ['s', 'other'] },
  tenants: 'acme globex',
}
const personWith = (more: object): Principal | string => personOf({ ...claims, ...more }, config)

test('somebody is who the claims say', () => {
  expect(personWith({})).toEqual({
    ...{ id: 'person/u-1', name: 'Li Na', tenants: new Set(['acme', 'globex']) },
    scopes: new Set(['read', 'ingest', 'alerts']),
  })
})

test.each([
  { rule: 'none', name: undefined, signed: 'li' },
  { rule: 'no text', name: 7, signed: 'li' },
  { rule: 'nothing', name: '  ', signed: 'li' },
  { rule: 'several lines', name: 'Li\nNa\u0000', signed: 'Li Na' },
  { rule: 'half a character', name: 'Li\ud83d', signed: 'Li\ufffd' },
  { rule: 'more than a name', name: `${'a'.repeat(127)}😀😀`, signed: `${'a'.repeat(127)}😀` },
])('a name that is $rule is signed with as $signed', ({ name, signed }) => {
  expect(personWith({ name, preferred_username: 'li' })).toMatchObject({ name: signed })
})

test.each([
  { rule: 'every tenant', tenants: ['acme', '*'], has: 'all' },
  { rule: 'what is no tenant', tenants: ['acme', '_installation', 'A b'], has: new Set(['acme']) },
])('tenants may be $rule', ({ tenants, has }) => {
  expect(personWith({ tenants })).toMatchObject({ tenants: has })
})

test('who has no role, or no tenant, is told so', () => {
  expect(personWith({ realm: {} })).toContain('no role')
  expect(personWith({ tenants: ['_installation'] })).toContain('no tenant')
})
