import { expect, test } from 'vitest'
import { DeskpulseError } from '../errors.ts'
import { atOnce } from './processor.test-support.ts'
import { logIsAway, nextRetry, retryFirstMs, storeIsAway, untilAnswered } from './retry.ts'

test('what is away is asked again after 50 ms, then twice as late each time, up to a second', () => {
  const waits = [retryFirstMs]
  while (waits.length < 7) waits.push(nextRetry(waits.at(-1)!))
  expect(waits).toEqual([50, 100, 200, 400, 800, 1_000, 1_000])
})

test.each([
  { error: new DeskpulseError('STORE_UNAVAILABLE', 'away'), store: true, log: false },
  { error: new DeskpulseError('STORE_FULL', 'full'), store: true, log: false },
  { error: new DeskpulseError('LOG_UNAVAILABLE', 'away'), store: false, log: true },
  { error: new DeskpulseError('LOG_FULL', 'full'), store: false, log: false },
  { error: new Error('a bug'), store: false, log: false },
])('$error.code $error.message: store $store, log $log', ({ error, store, log }) => {
  expect([storeIsAway(error), logIsAway(error)]).toEqual([store, log])
})

test.each([
  { rule: 'waits, and asks before each further attempt', mayWait: true, waitedMs: [50, 100] },
  { rule: 'waits for nothing where the process is to end', mayWait: false, waitedMs: [] },
])('who asks what is away $rule; `null`: it is given up', async ({ mayWait, waitedMs }) => {
  const [waited, told]: [number[], string[]] = [[], []]
  let [attempts, asked] = [0, 0]
  const parts = {
    ...{ timer: atOnce(waited), mayWait: () => mayWait },
    goesOn: () => Promise.resolve(++asked < 2),
    waiting: ({ code }: DeskpulseError) => void told.push(code),
  }
  const answer = await untilAnswered(parts, () => {
    attempts += 1
    return Promise.reject<number>(new DeskpulseError('STORE_FULL', 'full'))
  })
  expect([answer, attempts, asked]).toEqual([null, 2, 2])
  expect(told).toEqual(['STORE_FULL', 'STORE_FULL'])
  expect(waited).toEqual(waitedMs)
})
