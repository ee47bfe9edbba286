import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slotMs, type EpochMs } from '../time/time.ts'
import { decodeRolledTo, decodeRunning, encodeRolledTo, encodeRunning } from './running-minutes.ts'

const time = fc.integer({ min: -slotMs, max: 4_000_000_000_000 }).map((ms) => ms as EpochMs)

test('running minutes come back as they were; none are no record', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ startMs: time, dayStartMs: time }), { maxLength: 9 }),
      (minutes) => {
        const bytes = encodeRunning(minutes)
        expect(bytes === null).toBe(minutes.length === 0)
        expect(decodeRunning(bytes)).toEqual(minutes)
      },
    ),
  )
})

test.each([0, 1, 127, 128, 20_000])(
  'how far the first one is rolled comes back: up to slice %i',
  (slice) => {
    expect(decodeRolledTo(encodeRolledTo(slice))).toBe(slice)
    expect(encodeRolledTo(slice) === null).toBe(slice === 0)
  },
)

test('bytes that end too early are no such record', () => {
  const bytes = encodeRunning([{ startMs: 60_000 as EpochMs, dayStartMs: 0 as EpochMs }])!
  expect(() => decodeRunning(bytes.subarray(0, -1))).toThrow(RangeError)
})
