import type { Notice } from '@deskpulse/contract'
import { encodeId } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Attempts } from './attempts.ts'
import type { Health } from './health.ts'
import type { NoticeRef } from './notice-ref.ts'
import type { Received } from './waiting-queue.ts'

/** The record of one endpoint, beside its lists. */
export type EndpointRecord = {
  readonly health: Health
  /** When the last request began; `null`: never. Written before it. */
  readonly lastBeganMs: EpochMs | null
  /** Numbers what comes and what is formed, in one order. Never reset: scores of lists are made of it. */
  readonly seq: number
  /** Of its kind, address and secrets: a changed one is another endpoint. */
  readonly configHash: string | null
  /** Ids of the last commands that were applied. */
  readonly commands: readonly string[]
}

export type EndReason =
  | 'newer-state'
  | 'retracted'
  | 'regrouped'
  | 'queue-full'
  | 'endpoint-removed'
  | 'endpoint-disabled'

/** How a message ended; `reason`: why it is not delivered. */
export type DeliveryEnd =
  | { readonly status: 'delivered'; readonly reason: null; readonly endedMs: EpochMs }
  | {
      readonly status: 'given-up' | 'coalesced'
      readonly reason: EndReason
      readonly endedMs: EpochMs
    }

/** A message as it is listed; its notices in full are stored apart. */
export type DeliveryRecord = {
  readonly id: string
  /** Its place in the list. */
  readonly seq: number
  /** Its place among what waits: its oldest notice's. */
  readonly turn: number
  readonly createdMs: EpochMs
  readonly notices: readonly NoticeRef[]
  readonly test: boolean
  readonly attempts: Attempts
  /** When it may be tried again; `null`: it ended. */
  readonly dueMs: EpochMs | null
  /** A person asked for an attempt that has not ended yet: it waits for nothing but its turn. */
  readonly asked: boolean
  /** It may have arrived, though nothing said so. */
  readonly unsure: boolean
  /** `null`: it is open. */
  readonly end: DeliveryEnd | null
  /** Of an open one that is sent again after it ended: its end, if the attempt fails. */
  readonly resumes: DeliveryEnd | null
}

export type NotifiedEntry = Pick<NoticeRef, 'status' | 'repeat'> & {
  /** `null`: it waits for a message. */
  readonly deliveryId: string | null
  readonly state: 'waiting' | 'sending' | DeliveryEnd['status']
  readonly atMs: EpochMs
}

/** What an endpoint was told of one alert: the newest state that came, and the last entries, oldest first. */
export type NotifiedRecord = {
  readonly latest: Pick<NoticeRef, 'status' | 'repeat'>
  readonly received: Received
  readonly entries: readonly NotifiedEntry[]
}

/** A notice that waits for a message. */
export type WaitingRecord = { readonly notice: Notice; readonly seq: number }

/** A notice that the endpoint took in and is told again. `untilMs`: as in `RenewedAlert`. */
export type RenewedRecord = { readonly notice: Notice; readonly untilMs: EpochMs | null }

/** The name of a record that holds a `Value`. */
export type RecordKey<Value> = string & { readonly __holds?: Value }

/** Keys of records. Stores hold them: they keep the words with which they were first written. */
export const recordKeys = {
  endpoint: (endpoint: string): RecordKey<EndpointRecord> => `post:endpoint:${encodeId(endpoint)}`,
  waiting: (endpoint: string, alertId: string): RecordKey<WaitingRecord> =>
    `post:waiting:${encodeId(endpoint)}:${encodeId(alertId)}`,
  delivery: (endpoint: string, id: string): RecordKey<DeliveryRecord> =>
    `post:delivery:${encodeId(endpoint)}:${encodeId(id)}`,
  /** Notices of a message, written once. A renewal's are removed when it ends. */
  message: (endpoint: string, id: string): RecordKey<readonly Notice[]> =>
    `post:message:${encodeId(endpoint)}:${encodeId(id)}`,
  notified: (endpoint: string, alertId: string): RecordKey<NotifiedRecord> =>
    `post:told:${encodeId(endpoint)}:${encodeId(alertId)}`,
  renewed: (endpoint: string, alertId: string): RecordKey<RenewedRecord> =>
    `post:retold:${encodeId(endpoint)}:${encodeId(alertId)}`,
}

/** Scores are numbers of an order, not times: they are always below now, so that a list is always read whole. */
export const listKeys = {
  /** Names of endpoints that hold something. */
  endpoints: 'o:post:endpoints',
  /** Alerts, in the order in which their states came. */
  waiting: (endpoint: string): string => `o:post:waiting:${encodeId(endpoint)}`,
  /** Ids of open messages. */
  open: (endpoint: string): string => `o:post:open:${encodeId(endpoint)}`,
  /** Alerts that are renewed, in the order in which the endpoint took their states in. */
  renewed: (endpoint: string): string => `o:post:retold:${encodeId(endpoint)}`,
  /** Ids of messages, the newest first: negative scores. */
  log: (endpoint: string): string => `o:post:log:${encodeId(endpoint)}`,
}
