import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { Endpoint } from './endpoint.ts'
import { draftAt } from './testing/draft.ts'

/** How many records saving it writes. */
function written(endpoint: Endpoint): number {
  const draft = draftAt(0 as EpochMs)
  endpoint.save(draft)
  return draft.change().puts.length
}

test('the record of an endpoint is written as it changes, and not again', () => {
  const endpoint = new Endpoint('floor', null)
  expect([written(endpoint), written(endpoint)]).toEqual([1, 0])
  endpoint.seq += 1
  expect([written(endpoint), written(endpoint)]).toEqual([1, 0])
})
