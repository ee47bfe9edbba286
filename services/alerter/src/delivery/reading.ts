import type { EpochMs } from '@deskpulse/core/time'
import { type PartitionId, type StateStore, fromJsonBytes } from '@deskpulse/stream'
import { type Attempt, type AttemptOutcome, listedAttempts } from './attempts.ts'
import type { Health } from './health.ts'
import { deliveryLimits } from './limits.ts'
import type { NoticeRef } from './notice-ref.ts'
import {
  type DeliveryRecord,
  type EndReason,
  type EndpointRecord,
  listKeys,
  type RecordKey,
  recordKeys,
  type NotifiedEntry,
  type NotifiedRecord,
} from './records.ts'
import type { Received } from './waiting-queue.ts'

/** How an endpoint does. Times that do not apply are `null`. */
export type EndpointView = Pick<
  Health,
  'state' | 'failures' | 'failingSinceMs' | 'lastSuccessMs' | 'disabled'
> & {
  readonly name: string
  /** It is left alone until then, except for what a person asks. */
  readonly holdUntilMs: EpochMs | null
  readonly lastSentMs: EpochMs | null
  /** Alerts whose newest state waits for a message. */
  readonly waiting: number
  /** Messages that were begun and not ended. */
  readonly open: number
}

/** `waiting`: no attempt has ended; `failing`: it is tried again; `disabled`: it waits until the endpoint is enabled. */
export type DeliveryStatus =
  'waiting' | 'failing' | 'disabled' | 'delivered' | 'given-up' | 'coalesced'

export type AttemptView = {
  readonly number: number
  readonly beganMs: EpochMs
  /** `null`: under way. */
  readonly durationMs: number | null
  readonly outcome: AttemptOutcome | null
  readonly httpStatus: number | null
  readonly reason: string | null
  readonly detail: string | null
}

export type DeliveryView = {
  readonly id: string
  readonly status: DeliveryStatus
  /** Why it was given up or coalesced. */
  readonly reason: EndReason | null
  readonly createdMs: EpochMs
  readonly endedMs: EpochMs | null
  /** Not tried before. */
  readonly nextMs: EpochMs | null
  readonly test: boolean
  readonly notices: readonly NoticeRef[]
  /** Of all; listed are the first and the last. */
  readonly attemptCount: number
  readonly attempts: readonly AttemptView[]
}

/** What an endpoint was told of an alert, oldest first; `received`: whether it took anything in. */
export type NotifiedView = {
  readonly received: Received
  readonly entries: readonly (Pick<NotifiedEntry, 'status' | 'repeat' | 'deliveryId' | 'atMs'> & {
    readonly state: DeliveryStatus
  })[]
}

/** @returns `null`: nothing is known of an endpoint of that name. */
export async function readEndpoint(
  store: StateStore,
  partition: PartitionId,
  name: string,
): Promise<EndpointView | null> {
  const { values, lists } = await store.read(partition, {
    keys: [recordKeys.endpoint(name)],
    lists: [listKeys.waiting(name), listKeys.open(name)].map((key) => ({ key, members: 0 })),
  })
  const record = decoded<EndpointRecord>(values[0])
  if (record === null) return null
  const { state, failures, failingSinceMs, lastSuccessMs, disabled, holdUntilMs } = record.health
  return {
    ...{ name, state, failures, failingSinceMs, lastSuccessMs, disabled },
    holdUntilMs: holdUntilMs === 0 ? null : holdUntilMs,
    lastSentMs: record.lastBeganMs,
    waiting: lists[0]!.count,
    open: lists[1]!.count,
  }
}

/** The last messages to an endpoint, newest first; without any, none. */
export async function readDeliveries(
  store: StateStore,
  partition: PartitionId,
  endpoint: string,
  limit: number = deliveryLimits.listedMax,
): Promise<readonly DeliveryView[]> {
  const { lists } = await store.read(partition, {
    keys: [],
    lists: [{ key: listKeys.log(endpoint), members: limit }],
  })
  const ids = lists[0]!.first.map(({ member }) => member)
  const deliveries = await readByIds(store, partition, endpoint, ids)
  return ids.flatMap((id) => deliveries.get(id) ?? []) // One that was forgotten since is left out.
}

/** @returns `null`: there is none, or no more. */
export async function readDelivery(
  store: StateStore,
  partition: PartitionId,
  endpoint: string,
  id: string,
): Promise<DeliveryView | null> {
  return (await readByIds(store, partition, endpoint, [id])).get(id) ?? null
}

/** By alert; an alert of which the endpoint was told nothing is absent. */
export async function readNotified(
  store: StateStore,
  partition: PartitionId,
  endpoint: string,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, NotifiedView>> {
  const keys = alertIds.map((alertId) => recordKeys.notified(endpoint, alertId))
  const { values } = await store.read(partition, { keys })
  const records = values.map((bytes) => decoded<NotifiedRecord>(bytes))
  const sending = records.flatMap(
    (notified) => notified?.entries.filter(({ state }) => state === 'sending') ?? [],
  )
  const deliveries = await readByIds(store, partition, endpoint, [
    ...new Set(sending.map(({ deliveryId }) => deliveryId!)),
  ])
  const views = new Map<string, NotifiedView>()
  for (const [at, notified] of records.entries()) {
    if (notified === null) continue
    const entries = notified.entries.map((entry) => ({
      ...entry,
      state: stateOf(entry, deliveries),
    }))
    views.set(alertIds[at]!, { received: notified.received, entries })
  }
  return views
}

function stateOf(
  { state, deliveryId }: NotifiedEntry,
  deliveries: ReadonlyMap<string, DeliveryView>,
): DeliveryStatus {
  if (state !== 'sending') return state
  return deliveries.get(deliveryId!)?.status ?? 'waiting'
}

export async function readByIds(
  store: StateStore,
  partition: PartitionId,
  endpoint: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DeliveryView>> {
  if (ids.length === 0) return new Map()
  const keys: RecordKey<unknown>[] = [
    recordKeys.endpoint(endpoint),
    ...ids.map((id) => recordKeys.delivery(endpoint, id)),
  ]
  const { values } = await store.read(partition, { keys })
  const isDisabled = decoded<EndpointRecord>(values[0])?.health.state === 'disabled'
  const records = values.slice(1).flatMap((bytes) => decoded<DeliveryRecord>(bytes) ?? [])
  return new Map(records.map((record) => [record.id, deliveryView(record, isDisabled)]))
}

function deliveryView(record: DeliveryRecord, isDisabled: boolean): DeliveryView {
  const { id, end, createdMs, dueMs, test, notices, attempts } = record
  return {
    ...{ id, createdMs, test, notices },
    status: statusOf(record, isDisabled),
    reason: end?.reason ?? null,
    endedMs: end?.endedMs ?? null,
    nextMs: dueMs,
    attemptCount: attempts.count,
    attempts: listedAttempts(attempts).map(attemptView),
  }
}

function statusOf({ end, asked, attempts }: DeliveryRecord, isDisabled: boolean): DeliveryStatus {
  if (end !== null) return end.status
  if (asked || !listedAttempts(attempts).some((attempt) => attempt.end !== null)) return 'waiting'
  return isDisabled ? 'disabled' : 'failing'
}

function attemptView({ number, beganMs, endedMs, end }: Attempt): AttemptView {
  const { outcome = null, httpStatus = null, reason = null, detail = null } = end ?? {}
  return {
    number,
    beganMs,
    durationMs: endedMs === null ? null : endedMs - beganMs,
    outcome,
    httpStatus,
    reason,
    detail,
  }
}

function decoded<Value>(bytes: Uint8Array | null | undefined): Value | null {
  return bytes === null || bytes === undefined ? null : fromJsonBytes<Value>(bytes)
}
