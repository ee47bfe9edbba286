import type { EpochMs } from '@deskpulse/core'
import { expect, test } from 'vitest'
import { refoldAtMs } from './refold-pace.ts'

const receivedMs = 1_772_442_000_123 as EpochMs

test.each<[events: number, periodMs: number | null]>([
  [511, null],
  [512, 64],
  [513, 128],
  [14_000, 2_048],
  [50_000, 8_192],
])('a contact of %i events is folded anew every %s ms of log time', (events, periodMs) => {
  const atMs = refoldAtMs(events, receivedMs)
  if (periodMs === null) {
    expect(atMs).toBeNull()
    return
  }
  expect(atMs! % periodMs).toBe(0)
  expect([atMs! > receivedMs, atMs! - receivedMs <= periodMs]).toEqual([true, true])
  expect(refoldAtMs(events, (atMs! - 1) as EpochMs)).toBe(atMs)
  expect(refoldAtMs(events, atMs!)).toBe(atMs! + periodMs)
})
