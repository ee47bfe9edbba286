import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import { dayMs, type EpochMs, hourMs } from '../../time/time.ts'
import {
  agent,
  assigned,
  at,
  bot,
  canonical,
  customer,
  opened,
  queued,
  released,
  resolved,
  type Happened,
} from './contact.test-support.ts'
import type { Received } from '../timeline/timeline.ts'
import { Contact, type ContactImage } from './contact.ts'
import type { ContactWaits, CurrentWait, PastWait } from './waits.ts'

const configAt = () => defaultTenantConfig

/** Open for a quarter of an hour at a time, with limits of every kind. */
const openAtTimes: TenantConfig = {
  ...defaultTenantConfig,
  calendars: {
    office: {
      hours: [0, 30].map((minute) => ({
        days: [1, 2, 3, 4, 5, 6, 7],
        fromMinute: 9 * 60 + minute,
        toMinute: 9 * 60 + minute + 15,
      })),
      holidays: [],
      workdays: [],
    },
  },
  calendar: 'office',
  clock: { live: 'business', deferred: 'business' },
  limits: {
    ...defaultTenantConfig.limits,
    live: { ...defaultTenantConfig.limits.live, resolutionMs: 1_200_000 },
  },
  pendedPauses: { voice: true, live: true, deferred: true },
}

const happenings: fc.Arbitrary<Happened> = fc
  .record({ second: fc.nat({ max: 7_200 }), messageId: fc.constantFrom(undefined, 'm-1', 'm-2') })
  .chain(({ second, messageId }) =>
    fc.constantFrom<Happened>(
      opened(second, { channel: 'voice', queue: 'sales', topic: 'refund', customerId: 'u-1' }),
      opened(second, { customerId: 'u-1', handledBy: 'bot' }),
      customer(second),
      [second, 'message.sent', { from: 'customer', messageId }],
      agent(second, 'a-1', { messageId }),
      bot(second),
      assigned(second, 'a-1', 'sales'),
      queued(second, 'billing'),
      released(second, 'a-1'),
      [second, 'contact.pended', {}],
      [second, 'contact.resumed', {}],
      [second, 'contact.held', {}],
      [second, 'contact.released', { agentId: 'a-1', talkMs: 9_000, holdMs: 1_000 }],
      [second, 'contact.wrapped_up', { agentId: 'a-1', wrapUpMs: 4_000 }],
      [second, 'contact.transferred', {}],
      [second, 'contact.escalated', {}],
      resolved(second, 'a-1'),
      [second, 'contact.reopened', {}],
      [second, 'contact.ended', {}],
      [second, 'contact.updated', { topic: 'other' }],
      [second, 'contact.discarded', {}],
      [second, 'contact.restored', {}],
    ),
  )

/** When each comes, in log time: in order, out of it, and after days, when what came first is the base. */
const received = fc.record({
  laterMs: fc.constantFrom(0, 5_000, 40_000, 4 * dayMs),
  event: happenings,
})

function goneOn(contact: Contact, config = defaultTenantConfig): Contact {
  const image = contact.image()
  if (image === null) return contact
  return new Contact(
    contact.id,
    () => config,
    JSON.parse(JSON.stringify(image)) as ContactImage,
    contact.timeline.events,
  )
}

const threads: TenantConfig = {
  ...defaultTenantConfig,
  ...{ threadSources: ['/test'], returnGapMs: 60_000, idleGapMs: 600_000 },
}

const configs = fc.constantFrom(defaultTenantConfig, openAtTimes, threads)

/** With the instant that an hour on its clock ends at, in the place of the clock. */
function plain(waits: ContactWaits | null): unknown {
  if (waits === null) return null
  const { current, past } = waits
  return { ...waits, current: current && withHour(current), past: past.map(withHour) }
}
const withHour = ({ after, ...wait }: PastWait | CurrentWait): unknown => ({
  ...wait,
  hour: after?.(hourMs),
})

test('a contact goes on from its image as it would without: it says the same changes, waits, wakes and takes the same events', () => {
  fc.assert(
    fc.property(
      fc.array(received, { maxLength: 60 }),
      fc.boolean(),
      configs,
      (all, opens, config) => {
        const events = canonical([
          ...(opens ? [opened(0, { queue: 'sales' })] : []),
          ...all.map(({ event }) => event),
        ])
        let nowMs: number = at(7_200)
        const kept = new Contact('c-1', () => config, null, [])
        let imaged = new Contact('c-1', () => config, null, [])
        for (const [index, event] of events.entries()) {
          nowMs += all[index]?.laterMs ?? 0
          const one = { event, receivedMs: nowMs as EpochMs, text: String.fromCharCode(index) }
          expect(imaged.insert(one)).toEqual(kept.insert(one))
          for (const contact of [kept, imaged])
            if (!contact.isBlank) contact.settle(nowMs as EpochMs)
          if (kept.isBlank) continue
          const [change, same] = [kept, imaged].map((contact) => contact.take(nowMs as EpochMs))
          expect(same).toEqual(change)
          const [waits, ofImage] = [kept, imaged].map((contact) =>
            plain(contact.waits(nowMs as EpochMs)),
          )
          expect(ofImage).toEqual(waits)
          expect(imaged.nextWakeMs(nowMs as EpochMs)).toEqual(kept.nextWakeMs(nowMs as EpochMs))
          expect(imaged.store()).toEqual(kept.store())
          expect([imaged.isOpen, imaged.isExpired]).toEqual([kept.isOpen, kept.isExpired])
          kept.journalStale = false
          imaged.journalStale = false
          imaged = goneOn(imaged, config)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a contact goes on from its image without a look at its events, but at the last when one comes', () => {
  const events = canonical([
    opened(0),
    customer(5),
    agent(9, 'a-1', { messageId: 'm-1' }),
    customer(20),
    agent(30, 'a-1', { messageId: 'm-2' }),
  ])
  const received = events.map((event, index): Received => ({
    event,
    receivedMs: event.timeMs,
    text: String.fromCharCode(index),
  }))
  const contact = new Contact('c-1', configAt, null, [])
  for (const one of received.slice(0, 4)) contact.insert(one)
  contact.settle(at(21))
  contact.take(at(21))
  contact.journalStale = false
  const lookedAt: number[] = []
  const retained = contact.timeline.events.map(({ event, receivedMs, text }, place): Received => ({
    ...{ receivedMs, text },
    get event() {
      lookedAt.push(place)
      return event
    },
  }))
  const imaged = new Contact(
    'c-1',
    configAt,
    JSON.parse(JSON.stringify(contact.image())) as ContactImage,
    retained,
  )
  for (const one of [contact, imaged]) one.settle(at(22))
  expect(lookedAt).toEqual([])
  for (const one of [contact, imaged]) {
    expect(one.insert(received[4]!)).toMatchObject({ kind: 'inserted', index: 4 })
    one.settle(at(31))
  }
  expect(new Set(lookedAt)).toEqual(new Set([3]))
  const changes = contact.take(at(31))
  expect(changes.rows.length).toBeGreaterThan(0)
  expect(imaged.take(at(31))).toEqual(changes)
})

test('there is none of a contact that has something to fold or to write, or that is blank or past its lifetime', () => {
  const contact = new Contact('c-1', configAt, null, [])
  expect(contact.image()).toBeNull()
  const [opening, question] = canonical([opened(0), customer(5)])
  contact.insert({ event: opening!, receivedMs: at(0), text: String.fromCharCode(0) })
  expect(contact.image()).toBeNull()
  contact.settle(at(1))
  expect(contact.image()).not.toBeNull()
  contact.insert({ event: question!, receivedMs: at(6), text: String.fromCharCode(1) })
  expect(contact.image()).toBeNull()
  contact.settle(at(6))
  contact.journalStale = true
  expect(contact.image()).toBeNull()
  expect(new Contact('c-1', configAt, { expired: true }, []).image()).toBeNull()
})
