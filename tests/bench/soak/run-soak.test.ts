import { expect, test } from 'vitest'
import { soakReport } from '../report/soak.ts'
import { runSoak, type Minute } from './run-soak.ts'

test('a soak tells of every minute, and sees every opening that it sends', async () => {
  const told: Minute[] = []
  const result = await runSoak({
    perSecond: 400,
    minutes: 5,
    minuteMs: 400,
    onMinute: (minute) => told.push(minute),
  })
  expect(told.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
  expect(result.minutes).toEqual(told)
  expect(result.openings).toBeGreaterThan(0)
  expect(result.sentBytes).toBeGreaterThan(0)
  expect(told.some(({ p99Ms }) => p99Ms !== null)).toBe(true)
  expect(told.every(({ storeBytes, lagRecords }) => storeBytes > 0 && lagRecords >= 0)).toBe(true)
  expect(told.at(-1)!.memoryBytes.get('aggregator')).toBeGreaterThan(0)
  expect(soakReport(result)).toContain('memory of aggregator, MB')
})
