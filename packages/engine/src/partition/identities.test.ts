import type { CanonicalEvent } from '@deskpulse/core/events'
import { contactSubject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChangeSet } from './change-set.ts'
import { Identities, identityLimits } from './identities.ts'
import { IdentityChunk } from './identity-chunk.ts'

const tenant = 'acme'
const times = { logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }

const event = (id: string, source = '/chat'): CanonicalEvent => ({
  ...{ type: 'contact.opened', id, source, tenant, sequence: '0', timeMs: 0 as EpochMs, data: {} },
})

/** A store of whole records. */
function storeOf() {
  const records = new Map<string, Uint8Array>()
  return {
    write(identities: Identities): void {
      const changes = new ChangeSet()
      identities.write(changes)
      const { puts, appends } = changes.finish(times)
      for (const { key, bytes } of puts) if (bytes !== null) records.set(key, bytes)
      for (const { key, bytes } of appends)
        records.set(key, Buffer.concat([records.get(key) ?? Buffer.alloc(0), bytes]))
    },
    hex: (): string[] => [...records.values()].map((bytes) => Buffer.from(bytes).toString('hex')),
    read: (): Identities =>
      new Identities(
        tenant,
        Identities.keys(tenant).map((key) => records.get(key) ?? null),
      ),
  }
}

test('an identity is source and id: it stands where it was last accepted', () => {
  const identities = new Identities(tenant, [])
  identities.put(event('1'), contactSubject(tenant, 'c-1'))
  identities.put(event('1', '/mail'), contactSubject(tenant, 'c-2'))
  expect(identities.subjectOf(event('1'))).toBe('c/acme/c-1')
  expect(identities.subjectOf(event('1', '/mail'))).toBe('c/acme/c-2')
  expect(identities.subjectOf(event('2'))).toBeNull()
  identities.put(event('1'), contactSubject(tenant, 'c-3'))
  expect(identities.subjectOf(event('1'))).toBe('c/acme/c-3')
})

test('what is written is for good: a later version must know an identity by the same number', () => {
  const [store, identities] = [storeOf(), new Identities(tenant, [])]
  identities.put(event('e-1', '/crm/客服'), contactSubject(tenant, 'c-1'))
  store.write(identities)
  expect(store.hex()).toEqual(['0000000000000000430ae8e535b00568000a632f61636d652f632d31'])
})

test('what is written is read again, whenever that was, and at most the last chunks are known', () => {
  const all = identityLimits.chunks * identityLimits.eventsPerChunk
  const store = storeOf()
  let identities = new Identities(tenant, [])
  for (let number = 0; number < all + 10; number += 1) {
    identities.put(event(String(number)), contactSubject(tenant, `客-${number}`))
    if (number % 1_777 === 0) store.write(identities)
    if (number % 5_000 === 0) {
      store.write(identities)
      identities = store.read()
    }
  }
  store.write(identities)
  for (const known of [identities, store.read()]) {
    expect(known.subjectOf(event('0'))).toBeNull()
    expect(known.subjectOf(event(String(identityLimits.eventsPerChunk - 1)))).toBeNull()
    expect(known.subjectOf(event(String(identityLimits.eventsPerChunk)))).toBe(
      contactSubject(tenant, `客-${identityLimits.eventsPerChunk}`),
    )
    expect(known.subjectOf(event(String(all + 9)))).toBe(contactSubject(tenant, `客-${all + 9}`))
  }
})

test('nothing new writes nothing', () => {
  const identities = new Identities(tenant, [])
  identities.put(event('1'), contactSubject(tenant, 'c-1'))
  identities.write(new ChangeSet())
  const changes = new ChangeSet()
  identities.write(changes)
  expect(changes.finish(times)).toMatchObject({ puts: [], appends: [] })
})

test('like ids do not collide', () => {
  const identities = new Identities(tenant, [])
  const ids = Array.from(
    { length: identityLimits.eventsPerChunk },
    (_, number) => `conversation-${number}-message-1`,
  )
  for (const [number, id] of ids.entries())
    identities.put(event(id), contactSubject(tenant, String(number)))
  expect(ids.map((id) => identities.subjectOf(event(id)))).toEqual(
    ids.map((_, number) => contactSubject(tenant, String(number))),
  )
})

test('a tenant holds as much as its last chunks are, as they are stored, however many events come', () => {
  const identities = new Identities(tenant, [])
  const subject = contactSubject(tenant, '1234567890')
  const chunkBytes =
    8 * identityLimits.eventsPerChunk + 2 * identityLimits.eventsPerChunk * (10 + subject.length)
  for (let number = 0; number < 50_000; number += 1) identities.put(event(String(number)), subject)
  expect(identities.bytes).toBeLessThanOrEqual(1.1 * identityLimits.chunks * chunkBytes)
})

test('a chunk knows what a map knows, whatever comes again and wherever hashes meet, also when it is read again', () => {
  const places = 2 * 4
  const identity = fc.tuple(fc.nat(places), fc.nat(3)).map(([place, turn]) => place + turn * places)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(identity, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 4 }),
      (entries) => {
        const chunk = new IdentityChunk(7, 4)
        const known = new Map<number, string>()
        const stored: Uint8Array[] = []
        for (const [one, subject] of entries) {
          expect(chunk.hasRoom).toBe(true)
          chunk.put(one, subject)
          known.set(one, subject)
          if (one % 2 === 0) stored.push(chunk.takeUnwritten()!.bytes)
        }
        const rest = chunk.takeUnwritten()
        if (rest !== null) stored.push(rest.bytes)
        const again = stored.length === 0 ? chunk : IdentityChunk.restore(Buffer.concat(stored), 4)
        for (const one of [chunk, again]) {
          const asked = Array.from({ length: 4 * places }, (_, number) => number)
          expect(asked.map((number) => one.subjectOf(number))).toEqual(
            asked.map((number) => known.get(number) ?? null),
          )
          expect([one.number, one.hasRoom]).toEqual([7, entries.length < 4])
        }
      },
    ),
  )
})
