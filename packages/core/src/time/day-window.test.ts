import { expect, test } from 'vitest'
import { isInDayWindow } from './day-window.ts'
import type { EpochMs } from './time.ts'

const shop = { fromMinute: 8 * 60, toMinute: 23 * 60 }
const night = { fromMinute: 22 * 60, toMinute: 2 * 60 }
const shanghai = 'Asia/Shanghai'

test.each([
  { rule: 'no window holds every instant', window: null, at: '03:00:00.000', isIn: true },
  { rule: 'its first millisecond is in it', window: shop, at: '08:00:00.000', isIn: true },
  { rule: 'the one before is not', window: shop, at: '07:59:59.999', isIn: false },
  { rule: 'its last millisecond is in it', window: shop, at: '22:59:59.999', isIn: true },
  { rule: 'its end is not', window: shop, at: '23:00:00.000', isIn: false },
  { rule: 'over midnight: the evening is in it', window: night, at: '22:00:00.000', isIn: true },
  { rule: 'over midnight: the morning is in it', window: night, at: '01:59:59.999', isIn: true },
  { rule: 'over midnight: its end is not', window: night, at: '02:00:00.000', isIn: false },
  {
    rule: '24:00 is the end of the day',
    window: { fromMinute: 600, toMinute: 1_440 },
    at: '23:59:59.999',
    isIn: true,
  },
  {
    rule: 'and nothing of the next day',
    window: { fromMinute: 600, toMinute: 1_440 },
    at: '00:00:00.000',
    isIn: false,
  },
])('$rule', ({ window, at, isIn }) => {
  const atMs = Date.parse(`2026-03-02T${at}+08:00`) as EpochMs
  expect(isInDayWindow(window, atMs, shanghai)).toBe(isIn)
})

test('the clock is that of the zone at the instant', () => {
  const inRome = (at: string): boolean =>
    isInDayWindow(shop, Date.parse(at) as EpochMs, 'Europe/Rome')
  expect(inRome('2026-01-15T06:30:00Z')).toBe(false) // 07:30 in winter
  expect(inRome('2026-07-15T06:30:00Z')).toBe(true) // 08:30 in summer
})

test('an instant before 1970 is looked up like any other', () => {
  expect(isInDayWindow(shop, Date.parse('1969-12-31T09:00:00Z') as EpochMs, 'UTC')).toBe(true)
  expect(isInDayWindow(shop, Date.parse('1969-12-31T07:00:00Z') as EpochMs, 'UTC')).toBe(false)
})
