import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import type { EventData } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { at, startMs } from './contact.test-support.ts'
import { Contact, type StoredContact } from './contact.ts'

const days = (count: number): EpochMs => (startMs + count * dayMs) as EpochMs

/** A contact that is told the events at the start, each a second after the one before. */
function contactOf(types: readonly EventType[], config: Partial<TenantConfig> = {}) {
  const contact = new Contact('c-1', () => ({ ...defaultTenantConfig, ...config }), null, [])
  let told = 0
  const tell = (type: EventType, receivedMs: EpochMs, data: EventData = {}) => {
    told += 1
    const [id, timeMs] = [`e-${told}`, at(told)]
    const event = {
      type,
      id,
      source: '/chat',
      sequence: '0',
      tenant: 'acme',
      timeMs,
      data: { contactId: 'c-1', channel: 'chat', ...data },
    }
    return contact.insert({ event, receivedMs, text: id })
  }
  for (const type of types) tell(type, startMs)
  contact.settle(startMs)
  contact.take(startMs)
  return { contact, tell }
}

test('a contact that comes from the store has contributed what it had: only what comes then is a change', () => {
  const { contact, tell } = contactOf(['contact.opened', 'contact.assigned'])
  const stored = JSON.parse(JSON.stringify(contact.store())) as StoredContact
  const again = new Contact('c-1', () => defaultTenantConfig, stored, [...contact.timeline.events])
  expect(again.take(startMs)).toEqual({ rows: [], outputs: [], open: null })
  tell('contact.closed', days(1))
  again.insert(contact.timeline.events.at(-1)!)
  for (const one of [contact, again]) one.settle(days(1))
  const changes = contact.take(days(1))
  expect(changes.rows).not.toEqual([])
  expect(again.take(days(1))).toEqual(changes)
})

const refused = { kind: 'refused', code: 'expired' }

describe('a contact that is over', () => {
  test('takes late events for 35 days after the last one, and none from then on', () => {
    const { contact, tell } = contactOf(['contact.opened', 'contact.closed'])
    expect(contact.nextWakeMs(days(34))).toBe(days(35))
    expect(tell('contact.updated', (days(35) - 1) as EpochMs)).toMatchObject({ kind: 'inserted' })
    contact.settle((days(70) - 2) as EpochMs)
    expect(contact.isExpired).toBe(false)
    expect(tell('contact.updated', (days(70) - 1) as EpochMs)).toEqual(refused)
    expect(contact.store()).toEqual({ expired: true })
  })

  test('is given up by time alone, and drops its rows without taking them back', () => {
    const { contact } = contactOf(['contact.opened', 'contact.closed'])
    contact.settle((days(35) - 1) as EpochMs)
    expect(contact.isExpired).toBe(false)
    contact.settle(days(35))
    expect(contact.isExpired).toBe(true)
    expect(contact.take(days(35)).rows).toEqual([])
    expect(contact.nextWakeMs(days(35))).toBeNull()
  })

  test('is kept for the window of its first resolution and the horizon of 3 days, where that is longer', () => {
    const { contact } = contactOf(['contact.opened', 'contact.resolved'], {
      fcrWindowMs: 40 * dayMs,
    })
    contact.settle((days(43) - 1) as EpochMs)
    expect(contact.isExpired).toBe(false)
    contact.settle(days(43))
    expect(contact.isExpired).toBe(true)
  })
})

describe('a contact that is open', () => {
  test('stands in the backlog for 35 days after its last event', () => {
    const { contact } = contactOf(['contact.opened'])
    expect(contact.nextWakeMs(days(34))).toBe(days(35))
    contact.settle(days(1))
    expect(contact.take(days(1)).open).toMatchObject({ now: { backlog: { sinceMs: at(1) } } })
    const backlog = (nowMs: EpochMs): unknown => {
      contact.settle(nowMs)
      return contact.take(nowMs).open?.now
    }
    expect(backlog((days(35) - 1) as EpochMs)).toBeUndefined()
    expect(backlog(days(35))).toMatchObject({ backlog: null })
    expect(contact.nextWakeMs(days(35))).toBeNull()
  })

  test('counts as open from its instant on, when an event ahead of the log opened it', () => {
    const { contact } = contactOf(['contact.opened'])
    const backlog = (nowMs: EpochMs): unknown => {
      contact.settle(nowMs)
      return contact.take(nowMs).open?.now.backlog
    }
    expect(contact.nextWakeMs(startMs)).toBe(at(1))
    expect(backlog((at(1) - 1) as EpochMs)).toBeUndefined()
    expect(backlog(at(1))).toMatchObject({ sinceMs: at(1) })
  })

  test('has its journal written anew once its first 32 events are beyond the horizon, without them', () => {
    const { contact, tell } = contactOf([
      'contact.opened',
      ...Array.from({ length: 31 }, () => 'contact.updated' as const),
    ])
    tell('contact.updated', days(3))
    expect(contact.journalStale).toBe(false)
    expect(contact.timeline.events).toHaveLength(33)
    tell('contact.updated', (days(3) + 1) as EpochMs)
    expect(contact.journalStale).toBe(true)
    expect(contact.timeline.events).toHaveLength(2)
  })

  test.each(['before the last one', 'together'])(
    'goes on from its first 32 events beyond the horizon, folded %s',
    (folded) => {
      const writes = Array.from({ length: 31 }, () => 'message.sent' as const)
      const { contact, tell } = contactOf(['contact.opened'])
      for (const type of writes) tell(type, startMs, { from: 'customer' })
      if (folded === 'before the last one') contact.settle(startMs)
      tell('contact.updated', (days(3) + 1) as EpochMs)
      expect(contact.timeline.events).toHaveLength(1)
      contact.settle((days(3) + 1) as EpochMs)
      expect(contact.take((days(3) + 1) as EpochMs).open?.now.wait).toMatchObject({
        intervals: [{ sinceMs: at(2) }],
      })
    },
  )

  test('is never given up: it takes events after a year', () => {
    const { contact, tell } = contactOf(['contact.opened'])
    contact.settle(days(400))
    expect(contact.isExpired).toBe(false)
    expect(tell('contact.updated', days(400))).toMatchObject({ kind: 'inserted' })
  })
})
