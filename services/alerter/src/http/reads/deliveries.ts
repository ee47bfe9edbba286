import {
  type DeliveryListResponse,
  type DeliveryResponse,
  formatTime,
  problemOf,
} from '@deskpulse/contract'
import { Refused } from '@deskpulse/runtime'
import { partitionOf } from '@deskpulse/stream'
import { type DeliveryView, readDeliveries } from '../../delivery/index.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { endpointNamed } from './endpoints.ts'

export type DeliveriesRequest = { readonly limit: number; readonly cursor?: string }

/** Messages to an endpoint, the newest first. A cursor is the id of a message: those behind it follow. */
export async function deliveryList(
  deps: AlerterHttpDeps,
  endpoint: string,
  { limit, cursor }: DeliveriesRequest,
): Promise<DeliveryListResponse> {
  const { name } = endpointNamed(deps, endpoint)
  const all = await readDeliveries(deps.alertStore, partitionOf(name, deps.partitions), name)
  const from = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1
  if (cursor !== undefined && from === 0) throw badCursor(cursor)
  const rows = all.slice(from, from + limit)
  const last = rows.at(-1)
  const more = last === undefined || from + limit >= all.length ? {} : { cursor: last.id }
  return { rows: rows.map(deliveryView), ...more }
}

const badCursor = (got: string): Refused =>
  new Refused(
    problemOf('bad-request', 'not a cursor', [
      { path: 'cursor', expected: 'the cursor of an answer', got },
    ]),
  )

const timeOrNull = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))

function deliveryView({
  id,
  createdMs,
  status,
  reason,
  endedMs,
  nextMs,
  test,
  notices,
  attemptCount,
  attempts,
}: DeliveryView): DeliveryResponse {
  return {
    ...{ id, createdAt: formatTime(createdMs), status, reason },
    ...{ endedAt: timeOrNull(endedMs), nextAttemptAt: timeOrNull(nextMs), test },
    alerts: notices
      .filter(({ periods, appeal }) => periods === undefined && appeal === undefined)
      .map(({ alertId, tenant, rule, status: told, repeat }) => ({
        alertId,
        tenant,
        rule,
        status: told,
        repeat,
      })),
    closedPeriods:
      notices.flatMap(({ tenant, periods }) =>
        periods === undefined ? [] : { tenant, ...periods },
      )[0] ?? null,
    appeals: notices.flatMap(({ tenant, appeal }) =>
      appeal === undefined ? [] : { tenant, ...appeal },
    ),
    attemptCount,
    attempts: attempts.map(({ beganMs, ...attempt }) => ({ ...attempt, at: formatTime(beganMs) })),
  }
}
