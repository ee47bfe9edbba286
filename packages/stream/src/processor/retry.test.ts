import { DeskpulseError } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { logIsAway, nextRetry, retryFirstMs, storeIsAway } from './retry.ts'

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
