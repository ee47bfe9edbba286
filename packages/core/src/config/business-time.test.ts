import { expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import { historyOf, knownAt, nextKnownMs } from './business-time.ts'
import { defaultTenantConfig } from './tenant-config.ts'
import { beginningOfTimeMs } from './versions.ts'

const version = (id: string, takenMs: number, fromMs: number) => ({
  ...{ id, takenMs, fromMs },
  config: { ...defaultTenantConfig, returnGapMs: Number(id) },
})
/** Two of them come into force at once: the first never does. */
const history = historyOf([
  version('1', beginningOfTimeMs, beginningOfTimeMs),
  version('2', 100, 900),
  version('3', 200, 900),
  version('4', 1_000, 1_800),
])

test.each([
  { logTimeMs: 99, inForce: [1, 1, 1, 1], next: 100 },
  { logTimeMs: 100, inForce: [1, 2, 2, 2], next: 200 },
  { logTimeMs: 199, inForce: [1, 2, 2, 2], next: 200 },
  { logTimeMs: 200, inForce: [1, 3, 3, 3], next: 1_000 },
  { logTimeMs: 1_000, inForce: [1, 3, 3, 4], next: null },
])('at log time $logTimeMs nobody has heard of what is taken later', (known) => {
  const atMs = known.logTimeMs as EpochMs
  const { configAt } = knownAt(history, atMs)
  expect([899, 900, 1_799, 1_800].map((ms) => configAt(ms).returnGapMs)).toEqual(known.inForce)
  expect(nextKnownMs(history, atMs)).toBe(known.next)
})
