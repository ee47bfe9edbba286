import type { WindowState } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { compacted, type WindowEntry, type WindowsState } from './windows-state.ts'

const entry = (state: WindowState): WindowEntry => ({ rule: 'r', slice: 'all', state, facts: null })
const calm = (number: number): WindowEntry => entry({ phase: 'ok', number })
const pending = entry({
  phase: 'pending',
  number: 12,
  asks: '',
  sinceMs: 1 as EpochMs,
  seenMs: 1 as EpochMs,
})
const windows = (entries: Readonly<Record<string, WindowEntry>>): WindowsState => ({
  ...{ floor: 10, entries, pipeline: { number: 10, active: null }, decidedMs: null },
})

test('what says no more than the floor is not kept', () => {
  expect(compacted(windows({ a: calm(10), b: calm(11), c: pending }), 5).entries).toEqual({
    b: calm(11),
    c: pending,
  })
})

test('past the limit what is calm goes, and the floor rises above it: no number is given twice', () => {
  const kept = compacted(windows({ a: calm(30), b: calm(20), c: pending }), 2)
  expect(kept.entries).toEqual({ c: pending })
  expect(kept.floor).toBe(30)
})

test('what fires or is about to is kept, however many there are', () => {
  expect(
    Object.keys(compacted(windows({ a: pending, b: pending, c: pending }), 1).entries),
  ).toEqual(['a', 'b', 'c'])
})
