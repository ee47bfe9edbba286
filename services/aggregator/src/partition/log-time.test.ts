import type { EpochMs } from '@deskpulse/core'
import { unknownBacklogMs } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { LogTime } from './log-time.ts'

const at = (ms: number): EpochMs => ms as EpochMs

test('log time is the running maximum of append times', () => {
  const time = new LogTime(at(0), at(0))
  for (const ms of [10_000, 9_000, 12_000]) time.advance(at(ms), 'a', 0)
  expect(time.nowMs).toBe(12_000)
})

test('the watermark stays the disorder of two seconds behind log time, and what a sender holds back behind that', () => {
  const time = new LogTime(at(0), at(0))
  time.advance(at(100_000), 'a', 0)
  expect(time.watermarkMs).toBe(98_000)
  time.advance(at(110_000), 'b', 7_000)
  expect(time.watermarkMs).toBe(101_000)
})

test('the watermark never goes back, however much a sender begins to hold back', () => {
  const time = new LogTime(at(0), at(0))
  time.advance(at(100_000), 'a', 0)
  time.advance(at(100_500), 'a', 60_000)
  expect(time.watermarkMs).toBe(98_000)
})

test('nothing passes what a sender does not know, as after its start', () => {
  const time = new LogTime(at(0), at(0))
  time.advance(at(100_000), 'a', 0)
  time.advance(at(101_000), 'begun', unknownBacklogMs)
  time.advance(at(109_000), 'a', 0)
  expect(time.watermarkMs).toBe(98_000)
  time.advance(at(110_000), 'begun', 40_000)
  time.advance(at(150_000), 'begun', 1_000)
  expect(time.watermarkMs).toBe(147_000)
})

test('a sender that was not heard for more than fifteen seconds holds nothing back any more', () => {
  const time = new LogTime(at(0), at(0))
  time.advance(at(100_000), 'slow', 50_000)
  time.advance(at(115_000), 'b', 0)
  expect(time.watermarkMs).toBe(63_000)
  time.advance(at(115_001), 'b', 0)
  expect(time.watermarkMs).toBe(113_001)
})

test('a new owner goes on with the senders that the old one knew', () => {
  const before = new LogTime(at(0), at(0))
  before.advance(at(100_000), 'slow', 50_000)
  const after = new LogTime(before.nowMs, before.watermarkMs, before.senders())
  after.advance(at(101_000), 'b', 0)
  expect(after.watermarkMs).toBe(49_000)
})
