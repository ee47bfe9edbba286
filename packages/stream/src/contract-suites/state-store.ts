import { describe } from 'vitest'
import { commitContract } from './state-store/commit.ts'
import { feedContract } from './state-store/feed.ts'
import { fencingContract } from './state-store/fencing.ts'
import type { OpenStateStore } from './state-store/fixture.ts'
import { hashesContract } from './state-store/hashes.ts'
import { modelContract } from './state-store/model.ts'
import { outboxContract } from './state-store/outbox.ts'
import { readContract } from './state-store/read.ts'
import { recordsOfHashesContract } from './state-store/records-of-hashes.ts'
import { timesContract } from './state-store/times.ts'

export type { OpenStateStore } from './state-store/fixture.ts'

/** What every StateStore does. Call it in a vitest file; `open` gives a store that is new and empty, with at least partitions 0 to 2. */
export function stateStoreContract(open: OpenStateStore): void {
  describe('ownership', () => fencingContract(open))
  describe('commit', () => commitContract(open))
  describe('records of hashes', () => recordsOfHashesContract(open))
  describe('hashes', () => hashesContract(open))
  describe('lists and wakes', () => timesContract(open))
  describe('outbox', () => outboxContract(open))
  describe('read', () => readContract(open))
  describe('change feed', () => feedContract(open))
  describe('model', () => modelContract(open))
}
