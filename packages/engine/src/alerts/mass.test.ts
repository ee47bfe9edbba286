import { expect, test } from 'vitest'
import { foldLog, transitionsOf } from '../testing/fold-log.ts'
import { asks, contactRule, opened, withRules } from '../testing/alert-log.ts'

test('many contacts that pass the limits of many rules at once are announced by several commits of a bounded size', async () => {
  const rules = Array.from({ length: 100 }, (_, index) => contactRule(`r-${index}`))
  const contacts = Array.from({ length: 200 }, (_, index) => `c-${index}`)
  const log = withRules(rules, () => [
    [10, ...contacts.flatMap((id) => [opened(10, id), asks(10, id)])],
    [41],
  ])
  const sizes: number[] = []
  const store = await foldLog(log, {
    batchSizes: [1],
    folded: ({ change }) => sizes.push(change.out.length),
  })
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000)
  expect(
    new Set(transitionsOf(store).map(({ rule, subject, status }) => `${rule} ${subject} ${status}`))
      .size,
  ).toBe(20_000)
  expect(transitionsOf(store)).toHaveLength(20_000)
})
