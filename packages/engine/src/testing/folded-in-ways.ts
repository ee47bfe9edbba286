import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { expect } from 'vitest'
import type { MemoryStore } from '../replay/memory-store.ts'
import { foldLog, type FoldOptions, recordOf } from './fold-log.ts'
import { measuresOf } from './measures.ts'

/** A record of the log: its log time, and what it holds. */
export type Step = readonly [logTimeMs: number, ...events: CanonicalEvent[]]

/** More than these logs have folds. */
const foldsMax = 900

/** What steps fold to, cut, woken and taken over in several ways: all of them come to the same measures of the tenant. */
export async function foldedInWays(tenant: string, steps: readonly Step[]): Promise<MemoryStore> {
  const log = steps.map(([logTimeMs, ...held], offset) =>
    recordOf(offset, logTimeMs as EpochMs, held),
  )
  const ways: FoldOptions[] = [
    { batchSizes: [1] },
    { batchSizes: [log.length] },
    { batchSizes: [1], restartAt: new Set(Array.from({ length: foldsMax }, (_, fold) => fold)) },
    { batchSizes: [log.length], wakesMax: 1 },
  ]
  const [first, ...others] = await Promise.all(ways.map((way) => foldLog(log, way)))
  for (const other of others) expect(measuresOf(other, tenant)).toEqual(measuresOf(first!, tenant))
  return first!
}
