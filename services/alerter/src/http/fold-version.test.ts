import type { AlertListResponse, Problem } from '@deskpulse/contract'
import { foldVersion } from '@deskpulse/core/state'
import { expect, test, vi } from 'vitest'
import { openWorld } from './testing/world.ts'

const alerts = '/v1/tenants/acme/alerts?status=firing'

test('over a state of other folds the alerter goes on without its values, and answers once it was made anew', async () => {
  const world = await openWorld({ real: true })
  await world.foldedBy(foldVersion - 1)
  const refused = await world.ask('GET', alerts)
  expect([refused.statusCode, refused.json<Problem>().code]).toEqual([503, 'store-fold-version'])
  const before = world.reads()
  await world.transition() // Not taken in before it is known by which rules it is told.
  await vi.waitUntil(() => world.reads() > before + 5) // It tries again, and does not end.

  await world.foldedBy(foldVersion)
  const told = ({ rows }: AlertListResponse): boolean => rows.length === 1
  await world.until<AlertListResponse>(alerts, told)
})
