import type { EpochMs } from '@deskpulse/core/time'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import { type AlertFilter, isFiltering, passes } from './alert-filter.ts'
import { type AlertState, decodeAlert } from './alert-state.ts'
import { alertKey, firingListKey, historyListKey, tenantBookKey } from './keys.ts'
import {
  decodeTenantBook,
  emptyTenantBook,
  type KeptSilence,
  type TenantBook,
} from './tenant-book.ts'

/** The alerter's store, as readers see it. `partition`: of the tenant (`partitionOf`). */
export type BookStore = Pick<StateStore, 'read'>

export type AlertsQuery = {
  readonly status: 'firing' | 'resolved'
  /** Alerts in one page, from 1. */
  readonly limit: number
  /** Of the page before; `null`: the first page. */
  readonly cursor: string | null
  readonly filter?: AlertFilter
}

/** `count`: of all pages; `next`: the cursor of the next page, `null` when this is the last one. */
export type AlertsPage = {
  readonly alerts: readonly AlertState[]
  readonly count: number
  readonly next: string | null
  readonly asOfMs: EpochMs
}

/** Alerts that one look at the store brings. */
const readAlertsMax = 500
/** How deep a list can be paged. */
export const listedAlertsMax = 20_000

const everyAlert: AlertFilter = { fromMs: null, toMs: null }

/**
 * Alerts that fire, those first that began last; or alerts that are over, those first that ended last. A page begins after its cursor's place, whatever
 * came or left meanwhile; it has `limit` alerts unless the list has no more of them. @returns `null` when the cursor is none.
 * @throws DeskpulseError STORE_UNAVAILABLE
 */
export async function readAlerts(
  store: BookStore,
  partition: PartitionId,
  tenant: string,
  query: AlertsQuery,
): Promise<AlertsPage | null> {
  const { status, limit, cursor, filter = everyAlert } = query
  const after = cursor === null ? null : placeOf(cursor)
  if (cursor !== null && after === null) return null
  const isWhole = after === null && !isFiltering(filter)
  const key = status === 'firing' ? firingListKey(tenant) : historyListKey(tenant)
  const { lists, logTimeMs } = await store.read(partition, {
    keys: [],
    lists: [{ key, members: isWhole ? limit + 1 : listedAlertsMax }],
  })
  const { count, first } = lists[0]!
  const rest = after === null ? first : first.filter((place) => isAfter(place, after))
  const step = isFiltering(filter) ? readAlertsMax : Math.min(limit, readAlertsMax)

  const alerts: AlertState[] = []
  for (let at = 0; at < rest.length; at += step) {
    const places = rest.slice(at, at + step)
    const { values } = await store.read(partition, {
      keys: places.map(({ member }) => alertKey(tenant, member)),
    })
    for (const [index, bytes] of values.entries()) {
      const alert = bytes === null ? null : decodeAlert(bytes)
      if (alert === null || alert.transition.status !== status || !passes(filter, alert.transition))
        continue
      alerts.push(alert)
      if (alerts.length < limit) continue
      const isLast = at + index + 1 === rest.length
      return { alerts, count, next: isLast ? null : cursorOf(places[index]!), asOfMs: logTimeMs }
    }
  }
  return { alerts, count, next: null, asOfMs: logTimeMs }
}

/** `null`: there is no such alert (any more). */
export async function readAlert(
  store: BookStore,
  partition: PartitionId,
  tenant: string,
  alertId: string,
): Promise<AlertState | null> {
  const { values } = await store.read(partition, { keys: [alertKey(tenant, alertId)] })
  const [bytes] = values
  return bytes ? decodeAlert(bytes) : null
}

/** In force, to come, and for some minutes those that are over; those first that end first. */
export async function readSilences(
  store: BookStore,
  partition: PartitionId,
  tenant: string,
): Promise<readonly KeptSilence[]> {
  const { silences } = await readTenantDesk(store, partition, tenant)
  return silences.toSorted((a, b) => a.endsMs - b.endsMs)
}

/** Silences, whether the pipeline stands still, how many alerts fire. */
export async function readTenantDesk(
  store: BookStore,
  partition: PartitionId,
  tenant: string,
): Promise<TenantBook> {
  const { values } = await store.read(partition, { keys: [tenantBookKey(tenant)] })
  const [bytes] = values
  return bytes ? decodeTenantBook(bytes) : emptyTenantBook
}

type Place = { readonly member: string; readonly score: number }

const cursorOf = ({ member, score }: Place): string => `${score}.${member}`

function placeOf(cursor: string): Place | null {
  const [, score, member] = /^(-?\d{1,16})\.([0-9a-f]{32})$/.exec(cursor) ?? []
  return score === undefined || member === undefined ? null : { member, score: Number(score) }
}

const isAfter = (place: Place, after: Place): boolean =>
  place.score > after.score || (place.score === after.score && place.member > after.member)
