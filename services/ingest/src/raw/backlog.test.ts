import { expect, test } from 'vitest'
import { rawBacklog } from './backlog.ts'

test('the age is that of the oldest input of any partition', () => {
  const backlog = rawBacklog()
  expect(backlog.ageMs(1_000)).toBe(0)
  backlog.begin(0, 600)
  backlog.begin(1, 400)
  expect(backlog.ageMs(1_000)).toBe(600)
  backlog.end(1, 450, true)
  expect(backlog.ageMs(1_000)).toBe(400)
})

test('behind a forwarded batch there is input as old as its last record', () => {
  const backlog = rawBacklog()
  backlog.begin(0, 100)
  backlog.end(0, 300, false)
  expect(backlog.ageMs(1_000)).toBe(700)
})

test('a partition that is another’s now is forgotten', () => {
  const backlog = rawBacklog()
  backlog.begin(0, 100)
  backlog.keepOnly([1])
  expect(backlog.ageMs(1_000)).toBe(0)
})

test('a clock behind the broker’s gives no negative age', () => {
  const backlog = rawBacklog()
  backlog.begin(0, 2_000)
  expect(backlog.ageMs(1_000)).toBe(0)
})
