import { expect, test } from 'vitest'
import type { CanonicalEvent } from '../../events/event.ts'
import type { Received } from '../timeline/timeline.ts'
import { canonical, startMs } from './contact.test-support.ts'
import { baseMessageIds, baseMessagesMax, Messages } from './messages.ts'

const message = (messageId: string | undefined, visibility?: 'private'): CanonicalEvent =>
  canonical([[0, 'message.sent', { from: 'agent', agentId: 'a-1', messageId, visibility }]])[0]!
const received = (event: CanonicalEvent): Received => ({
  ...{ event, receivedMs: startMs, text: '' },
})
const idsOf = (before: readonly string[], ...ids: readonly (string | undefined)[]) =>
  baseMessageIds(
    before,
    ids.map((id) => received(message(id))),
  )

test('of a base the last thousand messages are remembered, each once, the oldest first', () => {
  expect(idsOf(['a', 'b'], 'c', undefined, 'a', 'c')).toEqual(['a', 'b', 'c'])
  const many = Array.from({ length: baseMessagesMax }, (_, at) => `m-${at}`)
  expect(baseMessagesMax).toBe(1_000)
  expect(idsOf([], ...many)).toEqual(many)
  expect(idsOf(many, 'later')).toEqual([...many.slice(1), 'later'])
})

test('only messages have an id of their message', () => {
  const [other] = canonical([[0, 'contact.updated', { messageId: 'm' }]])
  expect(baseMessageIds([], [received(other!)])).toEqual([])
  expect(new Messages(['m'], []).partOf(other!)).toBeNull()
})

test('a message has the content of its last edit; an edit of what is in the base has none to give it to', () => {
  const [first, edit, alone] = [message('m'), message('m', 'private'), message('n')]
  const messages = new Messages(['old'], [first, edit, alone].map(received))
  expect(messages.partOf(first)).toMatchObject({
    kind: 'message',
    event: { id: first.id, data: { visibility: 'private' } },
  })
  expect(messages.partOf(edit)).toEqual({ kind: 'edit' })
  expect(messages.partOf(alone)).toBeNull()
  expect(messages.partOf(message('old'))).toEqual({ kind: 'edit' })
})

test('an event at the end tells whether it edits one that was there, also one of which only the id is known', () => {
  const messages = new Messages([], [received(message('m'))], ['seen'])
  const appended = ['m', 'new', 'new', 'seen', undefined].map((id) => messages.append(message(id)))
  expect(appended).toEqual([true, false, true, true, false])
  expect(messages.ids).toEqual(['seen', 'm', 'new'])
})
