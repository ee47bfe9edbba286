import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import * as keys from './keys.ts'

const startMs = 1_772_442_900_000 as EpochMs

test('a key is this text for good: stores are full of them', () => {
  expect([
    keys.configKey('acme'),
    keys.rulesKey('acme'),
    keys.refusalsKey('acme'),
    keys.refusalPageKey('acme', 3),
    keys.identitiesKey('acme', 3),
    keys.slicesKey('acme'),
    keys.sliceDaysKey('acme'),
    keys.stateKey('c/acme/1'),
    keys.journalKey('c/acme/1'),
    keys.bucketKey('acme', 'slot', startMs),
    keys.measureKey('acme', 4, 'minute', startMs),
    keys.runningKey('acme'),
    keys.rolledToKey('acme'),
    keys.openKey('acme'),
    keys.backlogKey('acme'),
    ...[keys.tenantsKey, keys.sendersKey, keys.logClockKey, keys.gapsKey, keys.foldVersionKey],
  ]).toEqual([
    ...[
      'cfg:acme',
      'rules:acme',
      'refusals:acme',
      'refusals:acme:3',
      'ids:acme:3',
      'slices:acme',
      'slice-days:acme',
    ],
    ...[
      's:c/acme/1',
      'j:c/acme/1',
      'm:acme:slot:1772442900000',
      'm:acme:minute:1772442900000#4',
      'running:acme',
      'rolled-to:acme',
    ],
    ...['open:acme', 'backlog:acme', 'tenants', 'senders', 'log-clock', 'gaps', 'fold-version'],
  ])
})

test('every subject is this text for good, and is known again by it', () => {
  const id = 'a/b'
  const subjects = [
    [keys.contactSubject('acme', id), 'c/acme/a%2Fb', { kind: 'contact', tenant: 'acme', id }],
    [keys.customerSubject('acme', id), 'u/acme/a%2Fb', { kind: 'customer', tenant: 'acme', id }],
    [keys.agentSubject('acme', id), 'a/acme/a%2Fb', { kind: 'agent', tenant: 'acme', id }],
    [
      keys.agentDaySubject('acme', id, 20_514),
      'a/acme/a%2Fb/20514',
      { kind: 'agent-day', tenant: 'acme', id, utcDay: 20_514 },
    ],
    [keys.sourcesSubject('acme'), 's/acme', { kind: 'sources', tenant: 'acme' }],
    [keys.dimensionsSubject('acme'), 'd/acme', { kind: 'dimensions', tenant: 'acme' }],
    [keys.contractsSubject('acme'), 'k/acme', { kind: 'contracts', tenant: 'acme' }],
  ] as const
  for (const [subject, text, parsed] of subjects) {
    expect(subject).toBe(text)
    expect(keys.parseSubject(subject)).toEqual(parsed)
  }
})

test.each(['', 'c', 's', 'd', 'c/acme', 'u/acme', 'a/acme', 'x/acme', 'x/acme/1'])(
  '%s is no subject',
  (text) => {
    expect(() => keys.parseSubject(text)).toThrow(RangeError)
  },
)

test('an id has none of the signs that keys are made of, and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'%,=:{}/*aé退'.split('')) }), (id) => {
      const encoded = keys.encodeId(id)
      expect(encoded).not.toMatch(/[,=:{}/*]/)
      expect(keys.decodeId(encoded)).toBe(id)
    }),
  )
  expect(keys.encodeId('a:b=50%')).toBe('a%3Ab%3D50%25')
})
