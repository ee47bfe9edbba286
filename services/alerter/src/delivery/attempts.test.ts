import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import {
  type AttemptEnd,
  isUnderWay,
  listedAttempts,
  mayHaveArrived,
  noAttempts,
  withBegun,
  withEnded,
} from './attempts.ts'

const at = (ms: number): EpochMs => ms as EpochMs
const refused: AttemptEnd = {
  outcome: 'refused',
  httpStatus: 503,
  reason: 'status-503',
  detail: null,
}

test('of many attempts the first and the last twenty are listed, and all are counted', () => {
  let attempts = noAttempts
  for (let number = 1; number <= 100; number++)
    attempts = withEnded(withBegun(attempts, at(number)), at(number), refused)
  const numbers = listedAttempts(attempts).map(({ number }) => number)
  expect(numbers).toEqual([
    ...Array.from({ length: 20 }, (_, n) => n + 1),
    ...Array.from({ length: 20 }, (_, n) => n + 81),
  ])
  expect(attempts.count).toBe(100)
})

test('an attempt under way when the next begins was interrupted', () => {
  const attempts = withBegun(withBegun(noAttempts, at(1)), at(9))
  expect(listedAttempts(attempts)).toMatchObject([
    { number: 1, endedMs: 9, end: { outcome: 'interrupted' } },
    { number: 2, end: null },
  ])
  expect(isUnderWay(attempts)).toBe(true)
})

test.each([
  {
    end: { ...refused },
    may: true,
    rule: 'a 5xx may come from something in between: the message may have arrived',
  },
  { end: { ...refused, httpStatus: 429 }, may: false, rule: 'a 4xx is a no' },
  {
    end: { ...refused, httpStatus: 200, reason: 'code-310000' },
    may: false,
    rule: 'so is an error code in a 200',
  },
  {
    end: { outcome: 'gone', httpStatus: 410, reason: 'gone', detail: null },
    may: false,
    rule: 'and a 410',
  },
  {
    end: { outcome: 'failed', httpStatus: null, reason: 'timed-out', detail: null },
    may: true,
    rule: 'a time-out says nothing',
  },
  {
    end: { outcome: 'failed', httpStatus: null, reason: 'answer-broken', detail: null },
    may: true,
    rule: 'nor does half an answer',
  },
  {
    end: { outcome: 'failed', httpStatus: null, reason: 'tls-failed', detail: null },
    may: false,
    rule: 'without a connection nothing was sent',
  },
  {
    end: { outcome: 'interrupted', httpStatus: null, reason: 'interrupted', detail: null },
    may: true,
    rule: 'a crash says nothing',
  },
] as const)('$rule', ({ end, may }) => {
  expect(mayHaveArrived(end)).toBe(may)
})
