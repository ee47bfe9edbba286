import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTime, parseTime } from './time.ts'

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['2026-03-02T01:00:27.017Z', Date.UTC(2026, 2, 2, 1, 0, 27, 17)],
  ['2026-03-02T02:00:27.017+01:00', Date.UTC(2026, 2, 2, 1, 0, 27, 17)],
  ['2026-03-01t19:30:27.017-05:30', Date.UTC(2026, 2, 2, 1, 0, 27, 17)],
  ['2026-03-02T01:00:27.0179999Z', Date.UTC(2026, 2, 2, 1, 0, 27, 17)],
  ['2026-03-02T01:00:27.5z', Date.UTC(2026, 2, 2, 1, 0, 27, 500)],
  ['2024-02-29T00:00:00-00:00', Date.UTC(2024, 1, 29)],
  ['1969-12-31T23:59:59.999Z', -1],
])('%s is %d', (text, ms) => {
  expect(parseTime(text)).toBe(ms)
})

test.each([
  '2026-03-02',
  '2026-03-02T01:00:27',
  '2026-03-02T01:00Z',
  '2026-03-02 01:00:27Z',
  '2026-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-03-02T24:00:00Z',
  '2026-06-30T23:59:60Z',
  '2026-03-02T01:00:27.Z',
  '2026-03-02T01:00:27+1:00',
  '2026-03-02T01:00:27+24:00',
  '+02026-03-02T01:00:27Z',
  '2026-03-02T01:00:27Z ',
])('%s is no time', (text) => {
  expect(parseTime(text)).toBeNull()
})

test('every instant of four-digit years is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(0, 0, 1) - 1_899 * 31_536_000_000, max: 253_402_300_799_999 }),
      (ms) => {
        expect(parseTime(formatTime(ms))).toBe(ms)
      },
    ),
  )
})
