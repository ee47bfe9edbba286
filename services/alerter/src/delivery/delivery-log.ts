import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core'
import { noAttempts, withInterrupted } from './attempts.ts'
import type { Draft } from './draft.ts'
import { openMessage, type Endpoint, type OpenMessage } from './endpoint.ts'
import { type DeliveryLimits, storedLimits } from './limits.ts'
import {
  isNewer,
  isRenewalId,
  isSame,
  messageIdOf,
  type NoticeRef,
  refOf,
  renewalIdOf,
} from './notice-ref.ts'
import {
  type DeliveryEnd,
  type DeliveryRecord,
  listKeys,
  recordKeys,
  type NotifiedEntry,
  type NotifiedRecord,
} from './records.ts'
import type { Received } from './waiting-queue.ts'

/** Lists a message of these notices, open; it is held from now on. */
export async function beginDelivery(
  draft: Draft,
  endpoint: Endpoint,
  notices: readonly Notice[],
  kind: {
    readonly test: boolean
    readonly asked: boolean
    readonly turn?: number
    readonly isRenewal?: boolean
  },
  limits: DeliveryLimits,
): Promise<OpenMessage> {
  const { isRenewal = false, ...start } = kind
  const id = isRenewal
    ? renewalIdOf(endpoint.name, endpoint.seq + 1)
    : messageIdOf(endpoint.name, notices)
  const record = listedMessage(draft, endpoint, notices, {
    ...start,
    id,
    dueMs: draft.nowMs,
    end: null,
  })
  const message = openMessage(record)
  endpoint.hold(message)
  draft.place(listKeys.open(endpoint.name), record.id, record.seq)
  await noteMessage(draft, endpoint, message, { deliveryId: id, state: 'sending' })
  if (isRenewal) trimRenewals(draft, endpoint, limits)
  trimLog(draft, endpoint, limits)
  return message
}

/** Lists a notice that ended without ever being in a message. */
export async function listEnded(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  end: DeliveryEnd,
  limits: DeliveryLimits,
): Promise<void> {
  const id = messageIdOf(endpoint.name, [notice])
  listedMessage(draft, endpoint, [notice], {
    id,
    test: notice.test,
    asked: false,
    dueMs: null,
    end,
  })
  await noteNotified(draft, endpoint, refOf(notice), { deliveryId: id, state: end.status })
  if (!notice.test) sayDelivered(draft, endpoint.name, id, [refOf(notice)], end)
  trimLog(draft, endpoint, limits)
}

type Start = Pick<DeliveryRecord, 'id' | 'test' | 'asked' | 'dueMs' | 'end'> &
  Partial<Pick<DeliveryRecord, 'turn'>>

function listedMessage(
  draft: Draft,
  endpoint: Endpoint,
  notices: readonly Notice[],
  start: Start,
): DeliveryRecord {
  const { name } = endpoint
  const refs = notices.map(refOf)
  const { id } = start
  const seq = ++endpoint.seq
  const record: DeliveryRecord = {
    seq,
    createdMs: draft.nowMs,
    notices: refs,
    attempts: noAttempts,
    unsure: false,
    resumes: null,
    ...start,
    turn: start.turn ?? seq,
  }
  draft.put(recordKeys.delivery(name, id), record)
  draft.put(recordKeys.message(name, id), notices)
  draft.place(listKeys.log(name), id, -seq)
  const before = endpoint.log.indexOf(id)
  if (before !== -1) endpoint.log.splice(before, 1) // The same notices once more, after a regrouping: the same message.
  endpoint.log.push(id)
  return record
}

/** An open message ends: it is listed so, and what it tells of its alerts is known by it. What only told the same again is told again later. */
export async function endDelivery(
  draft: Draft,
  endpoint: Endpoint,
  message: OpenMessage,
  end: DeliveryEnd,
): Promise<void> {
  const key = recordKeys.delivery(endpoint.name, message.id)
  const record = (await draft.get(key))!
  const attempts = withInterrupted(record.attempts, draft.nowMs)
  draft.put(key, { ...record, attempts, end, dueMs: null, asked: false, resumes: null })
  draft.place(listKeys.open(endpoint.name), message.id, null)
  endpoint.release(message)
  const received = end.status === 'delivered' ? 'yes' : message.unsure ? 'maybe' : 'no'
  await noteMessage(draft, endpoint, message, {
    deliveryId: message.id,
    state: end.status,
    received,
  })
  if (!message.isRenewal && !message.test)
    sayDelivered(draft, endpoint.name, message.id, message.refs, end)
  if (!message.isRenewal) return
  draft.put(recordKeys.message(endpoint.name, message.id), null)
  if (end.status !== 'coalesced')
    for (const { alertId } of message.refs) endpoint.renewed.setRenewed(alertId, draft.nowMs)
}

/** For a state that has to be made again: none of this is sent again then. What gave way to a newer state is done with when that is. */
function sayDelivered(
  draft: Draft,
  endpoint: string,
  messageId: string,
  refs: readonly NoticeRef[],
  { status }: DeliveryEnd,
): void {
  if (status === 'coalesced') return
  const notices = refs.map(({ alertId, status: notified, repeat }) => ({
    alertId,
    status: notified,
    repeat,
  }))
  draft.send(`${endpoint}/${messageId}/${status}`, endpoint, {
    kind: 'delivered',
    endpoint,
    messageId,
    notices,
  })
}

export type NotifiedNews = Pick<NotifiedEntry, 'deliveryId' | 'state'> & {
  readonly received?: Received
}

/** Writes what is known about the states that a message tells. One that tells the same again says nothing new about them. */
export async function noteMessage(
  draft: Draft,
  endpoint: Endpoint,
  { refs, isRenewal }: OpenMessage,
  news: NotifiedNews,
): Promise<void> {
  if (isRenewal) return
  for (const ref of refs) await noteNotified(draft, endpoint, ref, news)
}

/** Writes what is known about one state of an alert at this endpoint. */
export async function noteNotified(
  draft: Draft,
  endpoint: Endpoint,
  ref: NoticeRef,
  news: NotifiedNews,
): Promise<void> {
  const { alertId, status, repeat } = ref
  const key = recordKeys.notified(endpoint.name, alertId)
  const notified: NotifiedRecord = (await draft.get(key)) ?? {
    latest: { status, repeat },
    received: 'no',
    entries: [],
  }
  const entry: NotifiedEntry = {
    status,
    repeat,
    deliveryId: news.deliveryId,
    state: news.state,
    atMs: draft.nowMs,
  }
  const at = notified.entries.findIndex((one) => isSame(one, ref))
  const entries =
    at === -1
      ? [...notified.entries, entry].slice(-storedLimits.notifiedListed)
      : notified.entries.with(at, entry)
  const latest = isNewer(ref, notified.latest) ? { status, repeat } : notified.latest
  const received = surer(notified.received, news.received ?? 'no')
  draft.put(key, { latest, received, entries }, storedLimits.notifiedForMs)
  if (received !== notified.received) endpoint.queue.setReceived(alertId, received)
}

const sureness = ['no', 'maybe', 'yes'] as const
const surer = (one: Received, other: Received): Received =>
  sureness.indexOf(one) < sureness.indexOf(other) ? other : one

/** The oldest messages that ended are forgotten; open ones stay listed. */
function trimLog(draft: Draft, endpoint: Endpoint, limits: DeliveryLimits): void {
  const { log, open } = endpoint
  while (log.length > limits.listedMax) {
    const oldest = log.find((id) => !open.has(id))
    if (oldest === undefined) return
    unlist(draft, endpoint, oldest)
  }
}

/** What only told the same again is forgotten sooner. */
function trimRenewals(draft: Draft, endpoint: Endpoint, limits: DeliveryLimits): void {
  const { log, open } = endpoint
  const renewals = log.filter(isRenewalId)
  const surplus = renewals.slice(0, Math.max(0, renewals.length - limits.renewalsListedMax))
  for (const id of surplus) if (!open.has(id)) unlist(draft, endpoint, id)
}

function unlist(draft: Draft, { name, log }: Endpoint, id: string): void {
  log.splice(log.indexOf(id), 1)
  draft.put(recordKeys.delivery(name, id), null)
  draft.put(recordKeys.message(name, id), null)
  draft.place(listKeys.log(name), id, null)
}

export const givenUp = (
  reason: 'queue-full' | 'endpoint-removed' | 'endpoint-disabled',
  endedMs: EpochMs,
): DeliveryEnd => ({
  status: 'given-up',
  reason,
  endedMs,
})
export const coalesced = (
  reason: 'newer-state' | 'retracted' | 'regrouped',
  endedMs: EpochMs,
): DeliveryEnd => ({
  status: 'coalesced',
  reason,
  endedMs,
})
export const delivered = (endedMs: EpochMs): DeliveryEnd => ({
  status: 'delivered',
  reason: null,
  endedMs,
})
