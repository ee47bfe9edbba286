import { createHash, type Hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { foldVersion } from '@deskpulse/core/state'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import type { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import { logOf } from './support/folded.ts'
import { simulatedEvents } from './support/simulated-days.ts'

/**
 * What folds of a version make of a log. Who changes that raises `foldVersion` and writes the digest that the failing test prints: a store of the
 * version before would be gone on with, and its values be neither.
 */
const pinned = { version: 16, digest: 'b5f8895e14dc013a' }

const startMs = Date.UTC(2026, 2, 2, 21)
const endMs = startMs + 4 * 3_600_000 // Over a midnight, and with contacts that are under way.
const config = { ...defaultTenantConfig, timeZone: 'Asia/Kolkata' }

function digestOf({ records, hashes, wakes, out }: MemoryStore): string {
  const hash = createHash('sha256')
  addMap(hash, records)
  for (const [key, fields] of [...hashes].sort(byKey)) addMap(hash.update(`${key}\n`), fields)
  hash.update(JSON.stringify([...wakes].sort(byKey)))
  for (const { topic, bytes } of out) hash.update(topic).update(bytes)
  return hash.digest('hex').slice(0, 16)
}

function addMap(hash: Hash, map: ReadonlyMap<string, Uint8Array>): void {
  for (const [key, bytes] of [...map].sort(byKey)) hash.update(`${key}\n`).update(bytes)
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1

test('folds of another version make another state of the same log, and no others do', async () => {
  const events = simulatedEvents({ seed: 11, startMs, endMs, agents: 8 })
  // Some come late, so that timelines are folded again.
  const arrivals = events.map((event, place) => ({
    event,
    atMs: event.timeMs + (place % 9 === 0 ? 900_000 : 0),
  }))
  const log = logOf(arrivals, config, endMs + 3_600_000)
  const restarts = new Set(Array.from({ length: 40 }, (_, place) => place * 20)) // What is stored is read, too.
  const store = await foldLog(log, { batchSizes: [3, 10, 40], restartAt: restarts })
  expect({ version: foldVersion, digest: digestOf(store) }).toEqual(pinned)
})
