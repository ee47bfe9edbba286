import { type AlertListResponse, type AlertResponse, formatTime, problemOf } from '@deskpulse/contract'
import { Refused, refuse } from '@deskpulse/runtime'
import type { AlertState } from '../../desk/alert-state.ts'
import { pageAlertsMax, readAlert, readAlerts, readSilences } from '../../desk/reading.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { isStale, readTenant, type Tenant } from '../tenant.ts'
import { alertView } from './alert-view.ts'
import { readPending } from './pending.ts'
import { readToldEndpoints } from './told.ts'

export type AlertsRequest = {
  readonly status?: 'pending' | 'firing' | 'resolved'
  readonly rule?: string
  readonly limit: number
  readonly cursor?: string
}

const pagesPerAnswerMax = 20

/** Pending ones, then those that fire, then those that are over: each the newest first. */
export async function alertList(deps: AlerterHttpDeps, name: string, request: AlertsRequest, nowMs: number): Promise<AlertListResponse> {
  const tenant = await readTenant(deps, name)
  const wanted = (row: { readonly rule: string }): boolean => request.rule === undefined || row.rule === request.rule
  const { status, cursor } = request
  const beginsWithPending = cursor === undefined && (status === undefined || status === 'pending')
  const pending = beginsWithPending ? (await readPending(deps.alertStore, tenant)).filter(wanted) : []
  const stored = status === 'pending' ? { alerts: [], next: null } : await storedAlerts(deps, tenant, request, wanted)
  const rows = [...pending, ...(await views(deps, tenant, stored.alerts, nowMs))]
  const more = stored.next === null ? {} : { cursor: stored.next }
  return { asOf: formatTime(tenant.asOfMs), stale: isStale(tenant, nowMs), rows, ...more }
}

type Stored = 'firing' | 'resolved'

/** One page over one or both lists. A cursor names the list and the place in it. */
async function storedAlerts(
  { alertStore }: AlerterHttpDeps,
  { name, partition }: Tenant,
  { status, limit, cursor }: AlertsRequest,
  wanted: (row: { readonly rule: string }) => boolean,
): Promise<{ readonly alerts: readonly AlertState[]; readonly next: string | null }> {
  const [, letter, place = ''] = /^([fr])\.(.*)$/.exec(cursor ?? '') ?? []
  if (cursor !== undefined && letter === undefined) throw badCursor(cursor)
  let list: Stored = letter === 'r' || (letter === undefined && status === 'resolved') ? 'resolved' : 'firing'
  let after = place === '' ? null : place
  const alerts: AlertState[] = []
  for (let pages = 0; pages < pagesPerAnswerMax && alerts.length < limit; pages += 1) {
    const room = Math.min(limit - alerts.length, pageAlertsMax)
    const page = await readAlerts(alertStore, partition, name, { status: list, limit: room, cursor: after })
    if (page === null) throw badCursor(cursor ?? '')
    alerts.push(...page.alerts.filter(({ transition }) => wanted(transition)))
    after = page.next
    if (after !== null) continue
    if (list === 'resolved' || status === 'firing') return { alerts, next: null }
    list = 'resolved'
  }
  return { alerts, next: `${list[0]}.${after ?? ''}` }
}

const badCursor = (got: string): Refused =>
  new Refused(problemOf('bad-request', 'not a cursor', [{ path: 'cursor', expected: 'the cursor of an answer', got }]))

/** @throws Refused 404 */
export async function oneAlert(deps: AlerterHttpDeps, name: string, alertId: string, nowMs: number): Promise<AlertResponse> {
  const tenant = await readTenant(deps, name)
  const stored = await readAlert(deps.alertStore, tenant.partition, name, alertId)
  if (stored !== null) return (await views(deps, tenant, [stored], nowMs))[0]!
  const pending = (await readPending(deps.alertStore, tenant)).find((one) => one.alertId === alertId)
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
  return alerts.map((alert) => alertView(alert, { tenant, silences, told: told.get(alert.alertId) ?? [], nowMs }))
}
