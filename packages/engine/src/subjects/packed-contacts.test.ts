import { journalKey, stateKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answers, asks, at, contactRule, opened, proposals, tenant } from '../testing/alert-log.ts'
import {
  eventEntry,
  foldLog,
  recordOf,
  recordOfEntries,
  startWorker,
  transitionsOf,
} from '../testing/fold-log.ts'
import { MemoryStore } from '../replay/memory-store.ts'
import { PackedContacts } from './packed-contacts.ts'

const packed = (length: number, image = 'i'.repeat(length)) => ({
  image,
  journal: new Uint8Array(0),
  identities: [],
})

describe('packed contacts', () => {
  const text = fc.string({ unit: 'binary', maxLength: 600 })
  const contact = fc.record({
    image: text,
    journal: fc.uint8Array({ maxLength: 600 }),
    identities: fc.array(fc.maxSafeNat()),
  })

  test('are handed over as they were put, once', () => {
    fc.assert(
      fc.property(fc.array(contact, { minLength: 1, maxLength: 5 }), (all) => {
        const contacts = new PackedContacts(100_000)
        for (const [index, one] of all.entries()) contacts.put(`c/acme/${index}`, one)
        for (const [index, { image, journal, identities }] of all.entries()) {
          const taken = contacts.take(`c/acme/${index}`)!
          expect({ ...taken, journal: [...taken.journal] }).toEqual({
            image,
            identities,
            journal: [...journal],
          })
          expect(contacts.take(`c/acme/${index}`)).toBeUndefined()
        }
        expect(contacts.bytes).toBe(0)
      }),
    )
  })

  test('go when there is no more room, those first that were put first; one that is put again is the last', () => {
    const contacts = new PackedContacts(1_300)
    contacts.put('c/acme/1', packed(10)) // Each is a block of 256 bytes, and its entry.
    contacts.put('c/acme/2', packed(10))
    contacts.put('c/acme/1', packed(300)) // Two blocks.
    contacts.put('c/acme/3', packed(10))
    expect(contacts.bytes).toBe(3 * 256 + 2 * 120) // The second has gone.
    expect(['1', '2', '3'].map((id) => contacts.take(`c/acme/${id}`)?.image.length)).toEqual([
      300,
      undefined,
      10,
    ])
    contacts.put('c/acme/4', packed(1_000)) // Alone it has just room enough.
    expect(contacts.take('c/acme/4')?.image.length).toBe(1_000)
    contacts.put('c/acme/5', packed(1_024))
    expect(contacts.take('c/acme/5')).toBeUndefined()
  })

  test('take no more than their room, however many come and whatever their lengths', () => {
    const contacts = new PackedContacts(100_000)
    for (let number = 0; number < 50_000; number += 1) {
      contacts.put(`c/acme/${number % 700}`, packed((number * 7_919) % 3_000))
      if (number % 3 === 0) contacts.take(`c/acme/${(number * 31) % 700}`)
      expect(contacts.bytes).toBeLessThanOrEqual(100_000)
    }
  })
})

test('an event of an open contact costs no read of the store, however few contacts are at hand; one of a contact that is over does', async () => {
  const store = new MemoryStore()
  const asked: string[] = []
  const { load } = store
  Object.assign(store, {
    load: (...[keys, ...rest]: Parameters<typeof load>) => (
      asked.push(...keys),
      load(keys, ...rest)
    ),
  })
  const worker = startWorker({ store, partitions: 10_000 }) // Its share of what is at hand is less than a contact.
  const ids = ['1', '2', '3', '4']
  let offset = 0
  const fold = async (second: number, events: Parameters<typeof recordOf>[2]): Promise<void> => {
    asked.length = 0
    await worker.fold([recordOf(offset++, (at(second) + 5) as EpochMs, events)])
  }
  const keysOf = (id: string): string[] => [
    stateKey(`c/${tenant}/${id}`),
    journalKey(`c/${tenant}/${id}`),
  ]
  const readOf = (id: string): boolean => asked.some((key) => keysOf(id).includes(key))
  for (const id of ids) {
    await fold(1, [opened(0, id, { queue: 'q' })])
    expect(readOf(id)).toBe(true)
  }
  for (let second = 2; second < 6; second += 1) {
    for (const id of ids) {
      await fold(second, [second % 2 === 0 ? asks(second, id) : answers(second, id)])
      expect(readOf(id)).toBe(false)
    }
  }
  await fold(10, [{ ...answers(10, '1'), type: 'contact.resolved', data: { contactId: '1' } }])
  for (const id of ids.slice(1)) await fold(11, [asks(11, id)])
  await fold(12, [asks(12, '1')])
  expect(readOf('1')).toBe(true)
})

test('a contact of hundreds of events that waits to be folded anew tells its alerts at the same moment, whether or not it was at hand', async () => {
  const long = 'unknown'
  const first = [opened(0, long, { queue: 'q' })]
  for (let number = 0; number < 520; number += 1)
    first.push((number % 2 === 0 ? asks : answers)(3 * number + 1, long))
  const startMs = at(7_200)
  const edgeMs = 128 - (startMs % 128) // It is folded anew every 128 ms.
  const second = (ms: number): number => 7_200 + ms / 1_000
  let named = 0
  const others = (ms: number) =>
    Array.from({ length: 8 }, () => opened(second(ms), `other-${(named += 1)}`, { queue: 'q' }))
  const later = [
    { ms: edgeMs + 10, events: [answers(2.5, long)] }, // Out of order: waits for the next instant,
    { ms: edgeMs + 130, events: [answers(5.5, long)] }, // which has passed here; this one waits for the one after it.
    ...[140, 150, 160].map((ms) => ({ ms: edgeMs + ms, events: others(edgeMs + ms) })),
    { ms: edgeMs + 180, events: [asks(second(edgeMs + 180 - 60_000), long)] },
    { ms: edgeMs + 2_000, events: [] },
    { ms: edgeMs + 90_000, events: [] },
  ]
  const records = [
    recordOfEntries(0, startMs, [proposals()(contactRule('waiting')), ...first.map(eventEntry)]),
    ...later.map(({ ms, events }, index) =>
      recordOfEntries(index + 1, (startMs + ms) as EpochMs, events.map(eventEntry)),
    ),
  ]
  const alerts = async (partitions: number) =>
    transitionsOf(await foldLog(records, { batchSizes: [1], partitions }))
  const atHand = await alerts(1)
  expect(atHand.length).toBeGreaterThan(0)
  expect(await alerts(1_000)).toEqual(atHand)
})
