import type { EpochMs } from '@deskpulse/core/time'
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

test('a contact is folded anew on the day of its event', () => {
  const midnightMs = Date.UTC(2026, 2, 3)
  expect(refoldAtMs(50_000, (midnightMs - 10) as EpochMs)).toBe(midnightMs - 1)
  expect(refoldAtMs(50_000, (midnightMs - 1) as EpochMs)).toBeNull()
  expect(refoldAtMs(50_000, midnightMs as EpochMs)).toBeGreaterThan(midnightMs)
})
