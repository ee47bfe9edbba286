import { type AlertResponse, formatTime } from '@deskpulse/contract'
import { partitionOf, type StateStore } from '@deskpulse/stream'
import type { AlertState } from '../../book/alert-state.ts'
import { readByIds, readNotified, type NotifiedView } from '../../delivery/index.ts'

export type ToldEndpoint = NonNullable<AlertResponse['told']>['endpoints'][number]

/** How far each endpoint was told of each alert, by alert. An endpoint that the alert book told and that has not taken the notice in yet waits. */
export async function readToldEndpoints(
  store: StateStore,
  partitions: number,
  alerts: readonly AlertState[],
): Promise<ReadonlyMap<string, readonly ToldEndpoint[]>> {
  const names = [...new Set(alerts.flatMap(({ told }) => told?.endpoints ?? []))].toSorted()
  const perEndpoint = await Promise.all(
    names.map((name) => toldBy(store, partitions, name, alerts)),
  )
  return new Map(
    alerts.map(({ alertId, told }) => {
      const asked = new Set(told?.endpoints)
      return [
        alertId,
        names.flatMap((name, index) =>
          asked.has(name) ? (perEndpoint[index]!.get(alertId) ?? waiting(name)) : [],
        ),
      ]
    }),
  )
}

const waiting = (endpoint: string): ToldEndpoint => ({
  endpoint,
  status: 'waiting',
  at: null,
  attempts: 0,
  deliveryId: null,
})

async function toldBy(
  store: StateStore,
  partitions: number,
  endpoint: string,
  alerts: readonly AlertState[],
): Promise<ReadonlyMap<string, ToldEndpoint>> {
  const partition = partitionOf(endpoint, partitions)
  const asked = alerts
    .filter(({ told }) => told?.endpoints.includes(endpoint))
    .map(({ alertId }) => alertId)
  const views = await readNotified(store, partition, endpoint, asked)
  const ids = [...views.values()].flatMap((view) => lastOf(view)?.deliveryId ?? [])
  const deliveries = await readByIds(store, partition, endpoint, [...new Set(ids)])
  const found = new Map<string, ToldEndpoint>()
  for (const [alertId, view] of views) {
    const last = lastOf(view)
    if (last === undefined) continue
    const { state, atMs, deliveryId } = last
    const attempts = deliveryId === null ? 0 : (deliveries.get(deliveryId)?.attemptCount ?? 0)
    found.set(alertId, { endpoint, status: state, at: formatTime(atMs), attempts, deliveryId })
  }
  return found
}

const lastOf = ({ entries }: NotifiedView): NotifiedView['entries'][number] | undefined =>
  entries.at(-1)
