import { expect, test } from 'vitest'
import { isNewer, messageIdOf } from './notice-ref.ts'

const told = (status: 'firing' | 'resolved', repeat: number, alertId = 'a') => ({
  alertId,
  status,
  repeat,
})

test('a message has the id of its notices, in whatever order, at its endpoint', () => {
  const [one, other] = [told('firing', 0), told('firing', 0, 'b')]
  const id = messageIdOf('floor', [one, other])
  expect(id).toMatch(/^msg_[0-9a-f]{32}$/)
  expect(messageIdOf('floor', [other, one])).toBe(id)
  const others = [
    messageIdOf('floor', [one]),
    messageIdOf('chat', [one, other]),
    messageIdOf('floor', [told('firing', 1), other]),
    messageIdOf('floor', [told('resolved', 0), other]),
  ]
  expect(new Set([id, ...others]).size).toBe(5)
})

test.each([
  {
    one: told('firing', 1),
    than: told('firing', 0),
    newer: true,
    rule: 'a repeat is newer than what it repeats',
  },
  { one: told('firing', 0), than: told('firing', 0), newer: false, rule: 'the same is not newer' },
  {
    one: told('resolved', 0),
    than: told('firing', 9),
    newer: true,
    rule: 'the end is newer than any repeat',
  },
  {
    one: told('firing', 9),
    than: told('resolved', 0),
    newer: false,
    rule: 'and nothing that fires is newer than the end',
  },
])('$rule', ({ one, than, newer }) => {
  expect(isNewer(one, than)).toBe(newer)
})
