import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import * as keys from './keys.ts'

test('a record and a list are found under these names for good: stores hold them', () => {
  const { bookTenantsKey, clockKey, dueListKey, tenantBookKey, alertKey, windowsKey } = keys
  expect([
    bookTenantsKey,
    clockKey,
    dueListKey,
    tenantBookKey('acme'),
    alertKey('acme', 'f0'),
    windowsKey('acme'),
  ]).toEqual([
    ...[
      'desk:tenants',
      'desk:clock',
      'o:desk:due',
      'desk:tenant:acme',
      'desk:alert:acme:f0',
      'desk:windows:acme',
    ],
  ])
  const lists = [keys.firingListKey, keys.historyListKey, keys.endedListKey, keys.openListKey]
  expect(lists.map((list) => list('acme'))).toEqual(
    ['firing', 'history', 'ended', 'open'].map((name) => `o:desk:${name}:acme`),
  )
})

test('a time that is to come has a score below any now, in the order of the times, and comes back', () => {
  const times = [0, 1, 1_772_442_900_000, 9_999_999_999_999] as EpochMs[]
  const scores = times.map(keys.scoreOf)
  expect(scores.every((score) => score < 0)).toBe(true)
  expect(scores.toSorted((a, b) => a - b)).toEqual(scores)
  expect(scores.map(keys.timeOf)).toEqual(times)
})

test('a member of the list of all tenants names the tenant and the alert', () => {
  const ref = { tenant: 'acme', alertId: '0f/1' }
  expect(keys.memberOf(ref)).toBe('acme/0f/1')
  expect(keys.refOf('acme/0f/1')).toEqual(ref)
})
