import {
  type AlertListResponse,
  type AlertResponse,
  clockResponse,
  formatTime,
  problemOf,
} from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { Refused, refuse } from '@deskpulse/runtime'
import { type AlertFilter, passes } from '../../book/alert-filter.ts'
import type { AlertState } from '../../book/alert-state.ts'
import { readAlert, readAlerts, readSilences } from '../../book/reading.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { isStale, readTenant, type Tenant } from '../tenant.ts'
import { timeRange } from '../time-range.ts'
import { alertView } from './alert-view.ts'
import { readPending } from './pending.ts'
import { readToldEndpoints } from './told.ts'

export type AlertsRequest = {
  readonly status?: 'pending' | 'firing' | 'resolved'
  readonly rule?: string
  readonly queue?: string
  /** Of the tenant's dates, or instants: those that fired at some time of `[from, to)`. */
  readonly from?: string
  readonly to?: string
  readonly limit: number
  readonly cursor?: string
}

/** Pending ones, then those that fire, then those that are over: each the newest first. */
export async function alertList(
  deps: AlerterHttpDeps,
  name: string,
  request: AlertsRequest,
  nowMs: number,
): Promise<AlertListResponse> {
  const tenant = await readTenant(deps, name)
  const { status, cursor, rule, queue } = request
  const filter: AlertFilter = { rule, queue, ...timeRange(request, tenant) }
  const beginsWithPending = cursor === undefined && (status === undefined || status === 'pending')
  const pending = beginsWithPending ? await readPending(deps.alertStore, tenant) : []
  const stored =
    status === 'pending'
      ? { alerts: [], next: null }
      : await storedAlerts(deps, tenant, request, filter)
  const rows = [
    ...pending.filter((one) => isPendingIn(filter, one)),
    ...(await views(deps, tenant, stored.alerts, nowMs)),
  ]
  const more = stored.next === null ? {} : { cursor: stored.next }
  return {
    asOf: formatTime(tenant.asOfMs),
    stale: isStale(tenant, nowMs),
    clock: clockResponse(tenant.clock),
    rows,
    ...more,
  }
}

/** One that is about to fire is taken to fire since it is beyond its threshold. */
const isPendingIn = (filter: AlertFilter, { rule, slice, since }: AlertResponse): boolean =>
  passes(filter, { rule, slice, startedMs: Date.parse(since) as EpochMs, endedMs: null })

/** One page over one or both lists. A cursor names the list and the place in it. */
async function storedAlerts(
  { alertStore }: AlerterHttpDeps,
  { name, partition }: Tenant,
  { status, limit, cursor }: AlertsRequest,
  filter: AlertFilter,
): Promise<{ readonly alerts: readonly AlertState[]; readonly next: string | null }> {
  const [, letter, place = ''] = /^([fr])\.(.*)$/.exec(cursor ?? '') ?? []
  if (cursor !== undefined && letter === undefined) throw badCursor(cursor)
  const wanted = (['firing', 'resolved'] as const).filter(
    (list) => status === undefined || status === list,
  )
  const alerts: AlertState[] = []
  let after = place === '' ? null : place
  for (const list of wanted.slice(letter === 'r' ? -1 : 0)) {
    if (alerts.length === limit) return { alerts, next: `${list[0]}.` }
    const page = await readAlerts(alertStore, partition, name, {
      status: list,
      limit: limit - alerts.length,
      cursor: after,
      filter,
    })
    if (page === null) throw badCursor(cursor ?? '')
    alerts.push(...page.alerts)
    if (page.next !== null) return { alerts, next: `${list[0]}.${page.next}` }
    after = null
  }
  return { alerts, next: null }
}

const badCursor = (got: string): Refused =>
  new Refused(
    problemOf('bad-request', 'not a cursor', [
      { path: 'cursor', expected: 'the cursor of an answer', got },
    ]),
  )

/** @throws Refused 404 */
export async function oneAlert(
  deps: AlerterHttpDeps,
  name: string,
  alertId: string,
  nowMs: number,
): Promise<AlertResponse> {
  const tenant = await readTenant(deps, name)
  const stored = await readAlert(deps.alertStore, tenant.partition, name, alertId)
  if (stored !== null) return (await views(deps, tenant, [stored], nowMs))[0]!
  const pending = (await readPending(deps.alertStore, tenant)).find(
    (one) => one.alertId === alertId,
  )
  return pending ?? refuse('unknown-alert', 'there is no such alert, or none any more')
}

async function views(
  { alertStore, partitions }: AlerterHttpDeps,
  tenant: Tenant,
  alerts: readonly AlertState[],
  nowMs: number,
): Promise<AlertResponse[]> {
  if (alerts.length === 0) return []
  const [silences, told] = await Promise.all([
    readSilences(alertStore, tenant.partition, tenant.name),
    readToldEndpoints(alertStore, partitions, alerts),
  ])
  return alerts.map((alert) =>
    alertView(alert, { tenant, silences, told: told.get(alert.alertId) ?? [], nowMs }),
  )
}
