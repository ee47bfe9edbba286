import { expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { assigned, at, canonical, customer, opened, queued } from './contact.test-support.ts'
import { Contact, contactRetentionMs } from './contact.ts'

const [opening, asking, queueing, assigning] = canonical([
  ...[opened(0, { queue: 'sales' }), customer(5), queued(7, 'billing'), assigned(9, 'a-1')],
]) as [CanonicalEvent, CanonicalEvent, CanonicalEvent, CanonicalEvent]

function contactOf(...events: readonly CanonicalEvent[]): Contact {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  for (const [index, event] of events.entries())
    contact.insert({ event, receivedMs: at(10), text: String.fromCharCode(index) })
  contact.settle(at(10))
  contact.journalStale = false
  return contact
}

test('an event that another of its identity wins over is taken out as if it had never come', () => {
  const contact = contactOf(opening, asking, queueing, assigning)
  contact.displace(contact.held(queueing, at(11))!, at(11))
  expect(contact.held(queueing, at(11))).toBeNull()
  contact.settle(at(11))
  const without = contactOf(opening, asking, assigning)
  expect(contact.timeline.events.map(({ event }) => event)).toEqual([opening, asking, assigning])
  expect(contact.image()).toBeNull() // It is to be written.
  expect(contact.journalStale).toBe(true)
  without.settle(at(11))
  expect(contact.dimensions()).toEqual(without.dimensions())
  expect(contact.waits(at(11))).toEqual(without.waits(at(11)))
  expect(contact.take(at(11)).rows).toEqual(without.take(at(11)).rows)
})

test('a contact lives on from the last event that was taken out of it, as from the last that came', () => {
  const contact = contactOf(opening, asking, queueing)
  contact.displace(contact.held(queueing, at(11))!, at(11))
  contact.settle(at(11))
  expect(contact.store()).toMatchObject({ changedMs: at(11) })
})

test('nothing is held of a contact past its lifetime, nor of what is beyond the horizon', () => {
  const [closing] = canonical([[9, 'contact.closed', {}]])
  const contact = contactOf(opening, { ...closing!, id: 'closing' })
  expect(contact.held(opening, at(10))).not.toBeNull()
  expect(contact.held(opening, (at(10) + 4 * dayMs) as EpochMs)).toBeNull()
  contact.settle((at(10) + contactRetentionMs) as EpochMs)
  expect(contact.isExpired).toBe(true)
  expect(contact.held(opening, at(10))).toBeNull()
})
