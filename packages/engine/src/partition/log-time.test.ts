import { futureMaxMs } from '@deskpulse/core/config'
import type { EpochMs } from '@deskpulse/core/time'
import { unknownBacklogMs } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { LogTime, type StoredTime } from './log-time.ts'

const at = (ms: number): EpochMs => ms as EpochMs

/** A record of a sender that says nothing of its clocks: log time is its append time. */
function pass(time: LogTime, appendedAtMs: EpochMs, id: string, backlogMs: number): void {
  const [judged] = time.judged([
    { offset: 0, appendedAtMs, sender: { id, backlogMs }, entries: [] },
  ])
  time.advance(judged!)
}

test('log time is the running maximum of append times', () => {
  const time = new LogTime(at(0), at(0))
  for (const ms of [10_000, 9_000, 12_000]) pass(time, at(ms), 'a', 0)
  expect(time.nowMs).toBe(12_000)
})

test('the watermark stays the disorder of two seconds behind log time, and what a sender holds back behind that', () => {
  const time = new LogTime(at(0), at(0))
  pass(time, at(100_000), 'a', 0)
  expect(time.watermarkMs).toBe(98_000)
  pass(time, at(110_000), 'b', 7_000)
  expect(time.watermarkMs).toBe(101_000)
})

test('the watermark never goes back, however much a sender begins to hold back', () => {
  const time = new LogTime(at(0), at(0))
  pass(time, at(100_000), 'a', 0)
  pass(time, at(100_500), 'a', 60_000)
  expect(time.watermarkMs).toBe(98_000)
})

test('nothing passes what a sender does not know, as after its start', () => {
  const time = new LogTime(at(0), at(0))
  pass(time, at(100_000), 'a', 0)
  pass(time, at(101_000), 'begun', unknownBacklogMs)
  pass(time, at(109_000), 'a', 0)
  expect(time.watermarkMs).toBe(98_000)
  pass(time, at(110_000), 'begun', 40_000)
  pass(time, at(150_000), 'begun', 1_000)
  expect(time.watermarkMs).toBe(147_000)
})

test('a sender that was not heard for more than fifteen seconds holds nothing back any more', () => {
  const time = new LogTime(at(0), at(0))
  pass(time, at(100_000), 'slow', 50_000)
  pass(time, at(115_000), 'b', 0)
  expect(time.watermarkMs).toBe(63_000)
  pass(time, at(115_001), 'b', 0)
  expect(time.watermarkMs).toBe(113_001)
})

test('a new owner goes on with the senders that the old one knew', () => {
  const before = new LogTime(at(0), at(0))
  pass(before, at(100_000), 'slow', 50_000)
  const after = new LogTime(
    before.nowMs,
    before.watermarkMs,
    JSON.parse(JSON.stringify(before.stored())) as StoredTime,
  )
  pass(after, at(101_000), 'b', 0)
  expect(after.watermarkMs).toBe(49_000)
})

test('a version of a configuration is in force after every event that was accepted, also from before log time followed a jump', () => {
  const time = new LogTime(at(0), at(0))
  pass(time, at(100_000), 'a', 0)
  time.accept('acme', at(100_000 + futureMaxMs))
  expect(time.configMsOf('acme')).toBe(100_000)
  time.accept('acme', at(900_000))
  time.accept('acme', at(800_000))
  const restored = new LogTime(
    time.nowMs,
    time.watermarkMs,
    JSON.parse(JSON.stringify(time.stored())) as StoredTime,
  )
  for (const one of [time, restored]) {
    expect(one.configMsOf('acme')).toBe(900_000 - futureMaxMs)
    expect(one.configMsOf('other'), 'which has no such event').toBe(100_000)
  }
  pass(time, at(900_000), 'a', 0)
  expect(time.stored().latestEvents).toEqual({})
})
