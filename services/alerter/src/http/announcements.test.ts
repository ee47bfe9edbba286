import type { DeliveryListResponse, EndpointListResponse } from '@deskpulse/contract'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { appealNoticeOf } from '../testing/notices.ts'
import { floor, openWorld } from './testing/world.ts'

describe('endpoints', () => {
  test('list messages about closed periods as such, and no alert in them', async () => {
    const world = await openWorld({ alerts: { endpoints: [{ ...floor, closedPeriods: ['day'] }] } })
    const [startMs, endMs] = [0, dayMs] as EpochMs[]
    const frame = { kind: 'day', startMs: startMs!, endMs: endMs!, label: '1970-01-01' } as const
    const periods = [{ ...frame, cause: 'closed' as const, rows: 3, revision: 1 }]
    const issued = { tenant: 'acme', closedAtMs: world.nowMs(), periods }
    await world.announce({ kind: 'issued', issued })
    const { rows } = await world.until<DeliveryListResponse>(
      '/v1/alert-endpoints/floor/deliveries',
      ({ rows: [one] }) => one?.status === 'delivered',
    )
    const first = { tenant: 'acme', kind: 'day', label: '1970-01-01', count: 1 }
    expect(rows).toMatchObject([{ alerts: [], closedPeriods: first, appeals: [] }])
    const told = await world.until<EndpointListResponse>('/v1/alert-endpoints', () => true)
    expect(told.rows).toMatchObject([{ alerts: true, closedPeriods: ['day'] }])
  })

  test('list messages about appeals as such, and no alert in them', async () => {
    const world = await openWorld({ alerts: { endpoints: [{ ...floor, appeals: true }] } })
    const atMs = world.nowMs()
    const { appeal } = appealNoticeOf({ atMs, by: 'wang', decision: 'refused', note: null })
    const announced = { atMs, offset: 1, index: 0 }
    await world.announce({ kind: 'appeal', announced, appeal: appeal! })
    const { rows } = await world.until<DeliveryListResponse>(
      '/v1/alert-endpoints/floor/deliveries',
      ({ rows: [one] }) => one?.status === 'delivered',
    )
    const told = { tenant: 'acme', appealId: 'p-1', agentId: 'lin', decision: 'refused' }
    expect(rows).toMatchObject([{ alerts: [], closedPeriods: null, appeals: [told] }])
    const { rows: endpoints } = await world.until<EndpointListResponse>(
      '/v1/alert-endpoints',
      () => true,
    )
    expect(endpoints).toMatchObject([{ closedPeriods: [], appeals: true }])
  })
})
