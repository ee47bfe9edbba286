import type { Load } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryStore } from '../replay/memory-store.ts'
import { arbitraryEvents, hour, logOf } from '../testing/arbitrary-logs.ts'
import { foldLog } from '../testing/fold-log.ts'

type Question = { readonly keys: readonly string[]; readonly isOfWakes: boolean }

/** A store, and what it is asked for. */
function askedStore() {
  const store = new MemoryStore()
  const asked: Question[] = []
  const { load } = store
  const noted: Load = (keys, due, hashes = []) => {
    asked.push({ keys: [...keys, ...hashes], isOfWakes: due !== null })
    return load(keys, due, hashes)
  }
  return { store: Object.assign(store, { load: noted }), asked }
}

test('a store is asked only where there is something to ask, as each question is a round trip', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEvents, async (events) => {
      const { store, asked } = askedStore()
      await foldLog(logOf(events, [5], 30_000, 30 * hour), { store, batchSizes: [1] })
      expect(asked.filter(({ keys, isOfWakes }) => keys.length === 0 && !isOfWakes)).toEqual([])
    }),
    { numRuns: 30 },
  )
})
