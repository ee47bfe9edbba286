import { expect, test } from 'vitest'
import type { EpochMs } from '../../time/time.ts'
import { type AgentStretch, joinStretches } from './stretches.ts'

const stretch = (startMs: number, endMs: number, parts: Partial<AgentStretch> = {}) =>
  ({
    ...{ startMs: startMs as EpochMs, endMs: endMs as EpochMs },
    ...{ state: 'available', reason: null, class: 'available', queues: ['q'], signedOutBy: null },
    ...parts,
  }) satisfies AgentStretch

test('stretches that say the same are one, as long as there is no gap between them', () => {
  const all = [stretch(0, 5), stretch(5, 7), stretch(7, 9), stretch(10, 12)]
  expect(joinStretches(all)).toEqual([stretch(0, 9), stretch(10, 12)])
  expect(joinStretches([])).toEqual([])
})

test.each<{ part: string; other: Partial<AgentStretch> }>([
  { part: 'the state', other: { state: 'break' } },
  { part: 'the reason', other: { reason: 'lunch' } },
  { part: 'what its time counts as', other: { class: null } },
  { part: 'the queues', other: { queues: ['p'] } },
  { part: 'what signed it out', other: { signedOutBy: 'heartbeat' } },
])('a stretch ends where $part is another', ({ other }) => {
  const all = [stretch(0, 5), stretch(5, 7, other), stretch(7, 9)]
  expect(joinStretches(all)).toEqual(all)
})
