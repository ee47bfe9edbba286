import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import {
  agent,
  assigned,
  at,
  canonical,
  customer,
  opened,
  queued,
  resolved,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'
import { Contact } from './contact.ts'

const left = (channel: string): Happened =>
  opened(0, { channel, queue: 'q', offline: true, customerId: 'u-1' })
/** Anything that would count, of a contact that was not left as a message. */
const worked = (channel: string): readonly Happened[] => [
  left(channel),
  customer(1),
  queued(2, 'tech'),
  assigned(100, 'a-1'),
  agent(110, 'a-1'),
  [120, 'contact.escalated'],
  resolved(200, 'a-1'),
  [300, 'contact.reopened'],
  [400, 'contact.ended', { by: 'agent' }],
]

describe('a contact that its customer left as a message', () => {
  test.each(['chat', 'voice', 'email'])(
    'counts as one at its opening, in its first queue, and as no other thing (%s)',
    (channel) => {
      const { values, seconds, credits } = told(worked(channel))
      const others = Object.keys(values).filter(
        (name) => !/^(?:workTimeDifference$|handle|talk|hold)/.test(name),
      )
      expect(others).toEqual(['messageLeft'])
      expect(seconds['messageLeft']).toEqual([0])
      expect(credits['messageLeft']).toEqual(['q/*'])
    },
  )

  test('takes the time of the agent who works on it', () => {
    expect(told(worked('chat')).values).toMatchObject({ handleTime: [200] })
    expect(told(worked('voice')).values).toMatchObject({ handleTime: [300], talkTime: [300] })
  })

  test.each(['chat', 'voice', 'email'])(
    'stands in the backlog until it is over, and nobody waits (%s)',
    (channel) => {
      const late = { untilSecond: 3 * 24 * 3_600 }
      const happened = [left(channel), customer(1), queued(2, 'tech')]
      expect(standing(told(happened))).toEqual({ backlog: 0 })
      expect(standing(told(happened, late))).toEqual({ backlog: 0 })
      expect(standing(told([...happened, [9, 'contact.closed']]))).toEqual({})
    },
  )

  test.each(['chat', 'voice'])('is nothing that rules of alerts look at (%s)', (channel) => {
    const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
    for (const event of canonical([left(channel), customer(1)]))
      contact.insert({ event, receivedMs: event.timeMs, text: event.id })
    contact.settle(at(60))
    expect(contact.isWaiting(at(60))).toBe(false)
    expect(contact.waits(at(60))).toBe(null)
  })

  test('repeats nothing, and its customer was not served by it', () => {
    const outputs = told(worked('chat')).outputs.map(({ kind }) => kind)
    expect(outputs).toEqual(['engagement'])
  })

  test('is told by the opening wherever that stands', () => {
    const { values } = told([customer(1), assigned(2, 'a-1'), opened(5, { offline: true })])
    expect(values).toEqual({ messageLeft: [1] })
  })

  test('that an agent opened is none', () => {
    expect(told([opened(0, { offline: true, openedBy: 'agent' })]).values).toEqual({})
  })

  test('is an opening like any other where `offline` is false', () => {
    expect(told([opened(0, { offline: false })]).values).toEqual({
      contactOpened: [1],
      workloadDifference: [1_000_000],
    })
  })
})
