import type { EpochMs } from '@deskpulse/core'
import { expect, test } from 'vitest'
import type { LedgerReads } from '../partition/ledger.ts'
import { Draft } from './draft.ts'
import { Endpoint } from './endpoint.ts'

const nothingStored: LedgerReads = {
  nowMs: 0 as EpochMs,
  values: (keys) => Promise.resolve(keys.map(() => null)),
  list: () => Promise.resolve({ count: 0, first: [] }),
}

/** How many records saving it writes. */
function written(endpoint: Endpoint): number {
  const draft = new Draft(nothingStored, 0 as EpochMs, 'alerts')
  endpoint.save(draft)
  return draft.change().puts.length
}

test('the record of an endpoint is written as it changes, and not again', () => {
  const endpoint = new Endpoint('floor', null)
  expect([written(endpoint), written(endpoint)]).toEqual([1, 0])
  endpoint.seq += 1
  expect([written(endpoint), written(endpoint)]).toEqual([1, 0])
})
