import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core'
import { noAttempts, withInterrupted } from './attempts.ts'
import type { Draft } from './draft.ts'
import { openMessage, type Endpoint, type OpenMessage } from './endpoint.ts'
import { type PostLimits, storedLimits } from './limits.ts'
import {
  isNewer,
  isRetellId,
  isSame,
  messageIdOf,
  type NoticeRef,
  refOf,
  retellIdOf,
} from './notice-ref.ts'
import {
  type DeliveryEnd,
  type DeliveryRecord,
  listKeys,
  recordKeys,
  type ToldEntry,
  type ToldRecord,
} from './records.ts'
import type { Received } from './waiting-queue.ts'

/** Lists a message of these notices, open; it is held from now on. */
export async function openDelivery(
  draft: Draft,
  endpoint: Endpoint,
  notices: readonly Notice[],
  kind: {
    readonly test: boolean
    readonly asked: boolean
    readonly turn?: number
    readonly isRetell?: boolean
  },
  limits: PostLimits,
): Promise<OpenMessage> {
  const { isRetell = false, ...start } = kind
  const id = isRetell
    ? retellIdOf(endpoint.name, endpoint.seq + 1)
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
  if (isRetell) trimRetells(draft, endpoint, limits)
  trimLog(draft, endpoint, limits)
  return message
}

/** Lists a notice that ended without ever being in a message. */
export async function listEnded(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  end: DeliveryEnd,
  limits: PostLimits,
): Promise<void> {
  const id = messageIdOf(endpoint.name, [notice])
  listedMessage(draft, endpoint, [notice], {
    id,
    test: notice.test,
    asked: false,
    dueMs: null,
    end,
  })
  await noteTold(draft, endpoint, refOf(notice), { deliveryId: id, state: end.status })
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
  endpoint.letGo(message)
  const received = end.status === 'delivered' ? 'yes' : message.unsure ? 'maybe' : 'no'
  await noteMessage(draft, endpoint, message, {
    deliveryId: message.id,
    state: end.status,
    received,
  })
  if (!message.isRetell && !message.test)
    sayDelivered(draft, endpoint.name, message.id, message.refs, end)
  if (!message.isRetell) return
  draft.put(recordKeys.message(endpoint.name, message.id), null)
  if (end.status !== 'coalesced')
    for (const { alertId } of message.refs) endpoint.retold.toldAt(alertId, draft.nowMs)
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
  const notices = refs.map(({ alertId, status: told, repeat }) => ({
    alertId,
    status: told,
    repeat,
  }))
  draft.send(`${endpoint}/${messageId}/${status}`, endpoint, {
    kind: 'delivered',
    endpoint,
    messageId,
    notices,
  })
}

export type ToldNews = Pick<ToldEntry, 'deliveryId' | 'state'> & { readonly received?: Received }

/** Writes what is known about the states that a message tells. One that tells the same again says nothing new about them. */
export async function noteMessage(
  draft: Draft,
  endpoint: Endpoint,
  { refs, isRetell }: OpenMessage,
  news: ToldNews,
): Promise<void> {
  if (isRetell) return
  for (const ref of refs) await noteTold(draft, endpoint, ref, news)
}

/** Writes what is known about one state of an alert at this endpoint. */
export async function noteTold(
  draft: Draft,
  endpoint: Endpoint,
  ref: NoticeRef,
  news: ToldNews,
): Promise<void> {
  const { alertId, status, repeat } = ref
  const key = recordKeys.told(endpoint.name, alertId)
  const told: ToldRecord = (await draft.get(key)) ?? {
    latest: { status, repeat },
    received: 'no',
    entries: [],
  }
  const entry: ToldEntry = {
    status,
    repeat,
    deliveryId: news.deliveryId,
    state: news.state,
    atMs: draft.nowMs,
  }
  const at = told.entries.findIndex((one) => isSame(one, ref))
  const entries =
    at === -1
      ? [...told.entries, entry].slice(-storedLimits.toldListed)
      : told.entries.with(at, entry)
  const latest = isNewer(ref, told.latest) ? { status, repeat } : told.latest
  const received = surer(told.received, news.received ?? 'no')
  draft.put(key, { latest, received, entries }, storedLimits.toldForMs)
  if (received !== told.received) endpoint.queue.setReceived(alertId, received)
}

const sureness = ['no', 'maybe', 'yes'] as const
const surer = (one: Received, other: Received): Received =>
  sureness.indexOf(one) < sureness.indexOf(other) ? other : one

/** The oldest messages that ended are forgotten; open ones stay listed. */
function trimLog(draft: Draft, endpoint: Endpoint, limits: PostLimits): void {
  const { log, open } = endpoint
  while (log.length > limits.listedMax) {
    const oldest = log.find((id) => !open.has(id))
    if (oldest === undefined) return
    unlist(draft, endpoint, oldest)
  }
}

/** What only told the same again is forgotten sooner. */
function trimRetells(draft: Draft, endpoint: Endpoint, limits: PostLimits): void {
  const { log, open } = endpoint
  const retells = log.filter(isRetellId)
  const surplus = retells.slice(0, Math.max(0, retells.length - limits.retellsListedMax))
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
