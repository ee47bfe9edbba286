import { expect, test } from 'vitest'
import { isNewer, messageIdOf } from './notice-ref.ts'

const notified = (status: 'firing' | 'resolved', repeat: number, alertId = 'a') => ({
  alertId,
  status,
  repeat,
})

test('a message has the id of its notices, in whatever order, at its endpoint', () => {
  const [one, other] = [notified('firing', 0), notified('firing', 0, 'b')]
  const id = messageIdOf('floor', [one, other])
  expect(id).toMatch(/^msg_[0-9a-f]{32}$/)
  expect(messageIdOf('floor', [other, one])).toBe(id)
  const others = [
    messageIdOf('floor', [one]),
    messageIdOf('chat', [one, other]),
    messageIdOf('floor', [notified('firing', 1), other]),
    messageIdOf('floor', [notified('resolved', 0), other]),
  ]
  expect(new Set([id, ...others]).size).toBe(5)
})

test.each([
  {
    one: notified('firing', 1),
    than: notified('firing', 0),
    newer: true,
    rule: 'a repeat is newer than what it repeats',
  },
  {
    one: notified('firing', 0),
    than: notified('firing', 0),
    newer: false,
    rule: 'the same is not newer',
  },
  {
    one: notified('resolved', 0),
    than: notified('firing', 9),
    newer: true,
    rule: 'the end is newer than any repeat',
  },
  {
    one: notified('firing', 9),
    than: notified('resolved', 0),
    newer: false,
    rule: 'and nothing that fires is newer than the end',
  },
])('$rule', ({ one, than, newer }) => {
  expect(isNewer(one, than)).toBe(newer)
})
