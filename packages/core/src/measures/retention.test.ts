import { expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import { dayMs, hourMs } from '../time/time.ts'
import { kept } from './retention.ts'

const end = 1_000_000_000_000 as EpochMs

test.each([
  {
    resolution: 'minute' as const,
    afterMs: 2 * hourMs - 1,
    is: true,
    rule: 'a minute is kept until two hours after its end',
  },
  {
    resolution: 'minute' as const,
    afterMs: 2 * hourMs,
    is: false,
    rule: 'at two hours it is gone',
  },
  {
    resolution: 'slot' as const,
    afterMs: 8 * dayMs - 1,
    is: true,
    rule: 'a slot is kept until eight days after its end',
  },
  { resolution: 'slot' as const, afterMs: 8 * dayMs, is: false, rule: 'at eight days it is gone' },
  { resolution: 'day' as const, afterMs: 20_000 * dayMs, is: true, rule: 'a day is kept for good' },
])('$rule', ({ resolution, afterMs, is }) => {
  expect(kept(end, resolution, (end + afterMs) as EpochMs)).toBe(is)
})
