import { expect, test } from 'vitest'
import { lastingAfterMs, lastingFailures } from './lasting-failures.ts'

const full = Object.assign(new Error('no room'), { code: 'STORE_FULL' })

function failures() {
  const clock = { nowMs: 1_000 }
  return { clock, ...lastingFailures(() => clock.nowMs) }
}

test('a failure fails the check once it has lasted, whatever is tried meanwhile, and says since when and why', () => {
  const { clock, failed, check } = failures()
  check()
  failed('partition 3', new Error('away'))
  clock.nowMs += lastingAfterMs - 1
  failed('partition 3', full)
  check()
  clock.nowMs += 1
  expect(check).toThrow('partition 3 has failed for 5 s: STORE_FULL: no room')
})

test('a success ends it: the next failure begins anew', () => {
  const { clock, failed, over, check } = failures()
  failed('partition 3', full)
  clock.nowMs += lastingAfterMs
  over('partition 3')
  check()
  failed('partition 3', full)
  check()
})

test('of several the one that began first is named, and the others are counted', () => {
  const { clock, failed, check } = failures()
  failed('partition 4', full)
  clock.nowMs += 2_000
  failed('partition 3', full)
  clock.nowMs += lastingAfterMs
  expect(check).toThrow('partition 4 (and 1 more) has failed for 7 s')
})
