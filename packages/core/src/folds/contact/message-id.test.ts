import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import { Contact } from './contact.ts'
import {
  agent,
  at,
  canonical,
  customer,
  hourSeconds,
  opened,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'

const repliesAt = (happened: readonly Happened[]): readonly number[] =>
  told(happened).values['replyTime'] ?? []

describe('a message id', () => {
  const asked: Happened[] = [opened(0), customer(10)]
  const message = (second: number, data = {}): Happened =>
    agent(second, 'a-1', { messageId: 'm', ...data })

  test('an edit is no second answer, and does not move the first', () => {
    const { values, seconds } = told([...asked, message(30), customer(60), message(7_230)])
    expect(values).toMatchObject({ replyTime: [20], replyWithin: [1] })
    expect(seconds['replyTime']).toEqual([30])
    expect(standing(told([...asked, message(30), customer(60), message(7_230)]))).toMatchObject({
      'reply.live': 60,
    })
  })

  test('an edit of a question does not ask again', () => {
    const question = (second: number): Happened => [
      second,
      'message.sent',
      { from: 'customer', messageId: 'q' },
    ]
    expect(
      told([opened(0), question(10), agent(15), question(20)]).open.map(({ kind }) => kind),
    ).toEqual(['backlog'])
  })

  test('an edit changes the visibility of the message, at the time of the message', () => {
    expect(
      told([...asked, message(15, { visibility: 'private' }), message(20)]).values,
    ).toMatchObject({ replyTime: [5] })
    expect(repliesAt([...asked, message(15), message(20, { visibility: 'private' })])).toEqual([])
  })

  test('the same whichever of the two comes first', () => {
    const [first, second] = canonical([message(15), message(20, { visibility: 'private' })])
    const before = canonical(asked)
    const orders = [
      [first, second],
      [second, first],
    ].map((edits) => {
      const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
      for (const [index, event] of [...before, ...edits].entries()) {
        const own = { ...event!, id: `${event!.timeMs}` }
        contact.insert({
          event: own,
          receivedMs: at(30 + index),
          text: String.fromCharCode(event!.timeMs % 251),
        })
        contact.settle(at(30 + index))
      }
      return contact.waits(at(60))
    })
    expect(orders[1]).toEqual(orders[0])
    expect(orders[0]?.current).toMatchObject({ sinceMs: at(10) })
  })

  test('a message within the base has its edits as well: beyond the horizon they say nothing', () => {
    const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
    const many = Array.from({ length: 40 }, (_, index): Happened => [
      20 + index,
      'message.sent',
      { from: 'agent', agentId: 'a-1', messageId: `m-${index}` },
    ])
    for (const [index, event] of canonical([...asked, ...many]).entries()) {
      contact.insert({ event, receivedMs: event.timeMs, text: String.fromCharCode(index) })
    }
    const later = 4 * 24 * hourSeconds
    const edit = canonical([[later, 'message.sent', { from: 'customer', messageId: 'm-3' }]])[0]!
    contact.insert({
      event: { ...edit, id: 'edit', sequence: '99' },
      receivedMs: at(later),
      text: String.fromCharCode(99),
    })
    contact.settle(at(later))
    expect(contact.timeline.events).toHaveLength(1)
    expect(contact.waits(at(later))?.current).toBeNull()
  })
})
