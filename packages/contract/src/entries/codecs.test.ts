import { type CanonicalEvent, eventTypes } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { decodeEvent, encodeEvent, entryKinds, EntryUnreadable } from './index.ts'
import { typeNumbers } from './type-numbers.ts'

const event: CanonicalEvent = {
  type: 'contact.updated',
  id: 'e-1',
  source: '/s',
  timeMs: 1_000 as EpochMs,
  sequence: '0',
  tenant: 'acme',
  data: { contactId: 'c', labels: { b: '2', a: '1' }, topic: 'refund' },
}
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

test('the kind of an entry is this number for good: logs hold it', () => {
  expect(entryKinds).toEqual({ event: 1, config: 2, alertRules: 3, gap: 4, gapAcknowledgement: 5 })
})

describe('the entry of an event', () => {
  test('is compact, and its form is for good', () => {
    expect(Buffer.from(encodeEvent(event)).toString()).toBe(
      '[2,1000,"/s","e-1","0",{"contactId":"c","topic":"refund","labels":{"a":"1","b":"2"}}]',
    )
  })

  test('every type has a number of its own, for good', () => {
    expect(new Set(Object.values(typeNumbers)).size).toBe(eventTypes.length)
    expect(Object.entries(typeNumbers).map(([type, number]) => `${number} ${type}`)).toEqual([
      '1 contact.opened',
      '2 contact.updated',
      '3 contact.queued',
      '4 contact.presented',
      '5 contact.declined',
      '6 contact.assigned',
      '7 message.sent',
      '8 contact.held',
      '9 contact.retrieved',
      '10 contact.pended',
      '11 contact.resumed',
      '12 contact.work_started',
      '13 contact.work_ended',
      '14 contact.handed_off',
      '15 contact.dequeued',
      '16 contact.transferred',
      '17 contact.escalated',
      '18 contact.unassigned',
      '19 contact.released',
      '20 contact.wrapped_up',
      '21 contact.ended',
      '22 contact.abandoned',
      '23 contact.resolved',
      '24 contact.reopened',
      '25 contact.closed',
      '26 contact.discarded',
      '27 contact.restored',
      '28 survey.sent',
      '29 survey.answered',
      '30 complaint.filed',
      '31 complaint.settled',
      '32 review.posted',
      '33 followup.planned',
      '34 followup.done',
      '35 quality.reviewed',
      '36 violation.recorded',
      '37 order.placed',
      '38 order.paid',
      '39 order.returned',
      '40 refund.requested',
      '41 refund.handled',
      '42 offer.made',
      '43 offer.accepted',
      '44 incident.opened',
      '45 incident.restored',
      '46 agent.state_changed',
      '47 agent.queue_joined',
      '48 agent.queue_left',
      '49 agent.heartbeat',
      '50 agent.rostered',
      '51 agent.scheduled',
      '52 agent.attendance',
      '53 agent.assessed',
      '54 employee.surveyed',
      '55 workload.forecast',
      '56 cost.recorded',
      '57 customer.started',
      '58 customer.left',
      '59 appeal.filed',
      '60 appeal.decided',
    ])
  })

  test.each([
    { what: 'no JSON', bytes: Buffer.from('[2,') },
    { what: 'an object', bytes: bytesOf({}) },
    { what: 'too few fields', bytes: bytesOf([2, 1, '/s', 'e', '0']) },
    { what: 'a number that no type has', bytes: bytesOf([9_999, 1, '/s', 'e', '0', {}]) },
    { what: 'a time that is text', bytes: bytesOf([2, '1', '/s', 'e', '0', {}]) },
    { what: 'no data', bytes: bytesOf([2, 1, '/s', 'e', '0', null]) },
  ])('$what is unreadable', ({ bytes }) => {
    expect(() => decodeEvent(bytes, 'acme')).toThrow(EntryUnreadable)
  })
})
