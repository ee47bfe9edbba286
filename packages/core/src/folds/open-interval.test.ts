import { expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import { openDifferences, type OpenInterval } from './open-interval.ts'

const interval = (change: Partial<OpenInterval> = {}): OpenInterval => ({
  kind: 'reply.live',
  member: 'c-1',
  scoreMs: 20 as EpochMs,
  sinceMs: 10 as EpochMs,
  dimensions: { queue: 'billing' },
  ...change,
})
const other = interval({ kind: 'queue.voice' })

test('what goes on as before is no difference', () => {
  expect(openDifferences([interval(), other], [{ ...other }, interval()])).toEqual([])
})

test.each<{ what: string; change: Partial<OpenInterval> }>([
  { what: 'its member', change: { member: 'c-2' } },
  { what: 'its score', change: { scoreMs: 21 as EpochMs } },
  { what: 'when it began', change: { sinceMs: 11 as EpochMs } },
  { what: 'its dimensions', change: { dimensions: { queue: 'sales' } } },
])('one that differs in $what takes the place of the one before', ({ change }) => {
  expect(openDifferences([interval(), other], [other, interval(change)])).toEqual([{ before: interval(), now: interval(change) }])
})

test('what is over and what is new are differences of their own', () => {
  expect(openDifferences([interval()], [other])).toEqual([
    { before: interval(), now: null },
    { before: null, now: other },
  ])
})
