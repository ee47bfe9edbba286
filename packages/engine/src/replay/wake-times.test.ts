import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WakeTimes } from './wake-times.ts'

const steps = fc.array(
  fc.record({
    subject: fc.constantFrom('a', 'b', 'c', 'd'),
    atMs: fc.option(fc.nat(20).map((ms) => ms as EpochMs)),
  }),
  { maxLength: 60 },
)

test('the first ones that are due come in the order of time and subject, each as it was last set, and stay', () => {
  fc.assert(
    fc.property(steps, fc.nat(20), fc.integer({ min: 1, max: 4 }), (all, upToMs, limit) => {
      const wakes = new WakeTimes()
      const plain = new Map<string, EpochMs>()
      for (const { subject, atMs } of all) {
        if (atMs === null) expect(wakes.delete(subject)).toBe(plain.delete(subject))
        else {
          wakes.set(subject, atMs)
          plain.set(subject, atMs)
        }
      }
      const due = [...plain]
        .map(([subject, atMs]) => ({ subject, atMs }))
        .filter(({ atMs }) => atMs <= upToMs)
        .sort((a, b) => a.atMs - b.atMs || (a.subject < b.subject ? -1 : 1))
        .slice(0, limit)
      const asked = { upToMs: upToMs as EpochMs, limit }
      expect(wakes.due(asked)).toEqual(due)
      expect(wakes.due(asked)).toEqual(due)
      expect(new Map(wakes)).toEqual(plain)
      expect(wakes.nextMs ?? Infinity).toBeLessThanOrEqual(Math.min(...plain.values()))
    }),
  )
})

test('a wake that is moved again and again comes once, when it was last set to', () => {
  const wakes = new WakeTimes()
  for (let ms = 1; ms <= 5_000; ms += 1) wakes.set('a', ms as EpochMs)
  expect(wakes.due({ upToMs: 4_999 as EpochMs, limit: 10 })).toEqual([])
  expect(wakes.due({ upToMs: 5_000 as EpochMs, limit: 10 })).toEqual([
    { subject: 'a', atMs: 5_000 },
  ])
})
