import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { noAttempts, withInterrupted } from './attempts.ts'
import type { Draft } from './draft.ts'
import { openMessage, type Endpoint, type OpenMessage } from './endpoint.ts'
import { storedLimits } from './limits.ts'
import { isNewer, isRenewalId, isSame, messageIdOf, refOf, renewalIdOf } from './notice-ref.ts'
import type { NoticeRef } from './notice-ref.ts'
import { type DeliveryEnd, type DeliveryRecord, type EndReason, listKeys } from './records.ts'
import { type NotifiedEntry, type NotifiedRecord, recordKeys } from './records.ts'
import type { Received } from './waiting-queue.ts'

type Start = Pick<DeliveryRecord, 'test' | 'asked'> & Partial<Pick<DeliveryRecord, 'turn'>>

/** Lists a message of these notices, open; the endpoint holds it from now on. */
export async function beginDelivery(
  draft: Draft,
  endpoint: Endpoint,
  notices: readonly Notice[],
  { isRenewal = false, ...start }: Start & { readonly isRenewal?: boolean },
): Promise<OpenMessage> {
  const { name } = endpoint
  const id = isRenewal ? renewalIdOf(name, endpoint.seq + 1) : messageIdOf(name, notices)
  const record = listed(draft, endpoint, notices, { ...start, id, dueMs: draft.nowMs, end: null })
  const message = openMessage(record)
  endpoint.hold(message)
  draft.place(listKeys.open(name), id, record.seq)
  await noteMessage(draft, endpoint, message, { deliveryId: id, state: 'sending' })
  if (isRenewal) trimRenewals(draft, endpoint)
  trimLog(draft, endpoint)
  return message
}

/** Lists a notice that ended without ever being in a message. */
export async function listEnded(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  end: DeliveryEnd,
): Promise<void> {
  const ref = refOf(notice)
  const id = messageIdOf(endpoint.name, [notice])
  listed(draft, endpoint, [notice], { id, test: notice.test, asked: false, dueMs: null, end })
  await noteNotified(draft, endpoint, ref, { deliveryId: id, state: end.status })
  if (!notice.test) sayDelivered(draft, endpoint.name, id, [ref], end)
  trimLog(draft, endpoint)
}

function listed(
  draft: Draft,
  endpoint: Endpoint,
  notices: readonly Notice[],
  start: Start & Pick<DeliveryRecord, 'id' | 'dueMs' | 'end'>,
): DeliveryRecord {
  const { name, log } = endpoint
  const { id } = start
  const seq = ++endpoint.seq
  const record: DeliveryRecord = {
    ...{ seq, turn: seq, createdMs: draft.nowMs, notices: notices.map(refOf) },
    ...{ attempts: noAttempts, unsure: false, resumes: null },
    ...start,
  }
  draft.put(recordKeys.delivery(name, id), record)
  draft.put(recordKeys.message(name, id), notices)
  draft.place(listKeys.log(name), id, -seq)
  const before = log.indexOf(id)
  if (before !== -1) log.splice(before, 1) // The same notices once more, after a regrouping: the same message.
  log.push(id)
  return record
}

/**
 * An open message ends. The log lists its end, and its alerts are known by it. A renewal leaves its
 * alerts to be renewed again later.
 */
export async function endDelivery(
  draft: Draft,
  endpoint: Endpoint,
  message: OpenMessage,
  end: DeliveryEnd,
): Promise<void> {
  const { name, renewed } = endpoint
  const { id, refs, unsure, isRenewal, test } = message
  const key = recordKeys.delivery(name, id)
  const record = (await draft.get(key))!
  const attempts = withInterrupted(record.attempts, draft.nowMs)
  draft.put(key, { ...record, attempts, end, dueMs: null, asked: false, resumes: null })
  draft.place(listKeys.open(name), id, null)
  endpoint.release(message)
  const received = end.status === 'delivered' ? 'yes' : unsure ? 'maybe' : 'no'
  await noteMessage(draft, endpoint, message, { deliveryId: id, state: end.status, received })
  if (!isRenewal && !test) sayDelivered(draft, name, id, refs, end)
  if (!isRenewal) return
  draft.put(recordKeys.message(name, id), null)
  if (end.status === 'coalesced') return
  for (const { alertId } of refs) renewed.setRenewed(alertId, draft.nowMs)
}

/**
 * Tells the topic, for a state that has to be made again: such a state sends none of this again. A
 * message that gave way to a newer state is done with when that one is.
 */
function sayDelivered(
  draft: Draft,
  endpoint: string,
  messageId: string,
  refs: readonly NoticeRef[],
  end: DeliveryEnd,
): void {
  if (end.status === 'coalesced') return
  const notices = refs.map(({ alertId, status, repeat }) => ({ alertId, status, repeat }))
  const record = { kind: 'delivered', endpoint, messageId, notices } as const
  draft.send(`${endpoint}/${messageId}/${end.status}`, endpoint, record)
}

export type NotifiedNews = Pick<NotifiedEntry, 'deliveryId' | 'state'> & {
  readonly received?: Received
}

/** Writes what is known about the states that a message tells. A renewal says nothing new about them. */
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
  { alertId, status, repeat }: NoticeRef,
  { deliveryId, state, received: isReceived = 'no' }: NotifiedNews,
): Promise<void> {
  const key = recordKeys.notified(endpoint.name, alertId)
  const noted = { status, repeat }
  const nothing: NotifiedRecord = { latest: noted, received: 'no', entries: [] }
  const before = (await draft.get(key)) ?? nothing
  const entry: NotifiedEntry = { ...noted, deliveryId, state, atMs: draft.nowMs }
  const at = before.entries.findIndex((one) => isSame(one, noted))
  const appended = [...before.entries, entry].slice(-storedLimits.notifiedListed)
  const entries = at === -1 ? appended : before.entries.with(at, entry)
  const latest = isNewer(noted, before.latest) ? noted : before.latest
  const received = surer(before.received, isReceived)
  draft.put(key, { latest, received, entries }, storedLimits.notifiedForMs)
  if (received !== before.received) endpoint.queue.setReceived(alertId, received)
}

const sureness = ['no', 'maybe', 'yes'] as const
const surer = (one: Received, other: Received): Received =>
  sureness.indexOf(one) < sureness.indexOf(other) ? other : one

/**
 * Makes room for a message that is to be opened: when too many failed without an end, the message
 * that was tried most often is given up.
 * @param chosen messages that stay
 * @returns whether there is room
 */
export async function makeRoom(
  draft: Draft,
  endpoint: Endpoint,
  chosen: ReadonlySet<OpenMessage> = new Set(),
): Promise<boolean> {
  if (endpoint.open.size < draft.limits.openMax) return true
  const idle = [...endpoint.open.values()].filter(
    (message) => !message.underWay && !message.asked && !chosen.has(message),
  )
  const [worst] = idle.toSorted((a, b) => b.attempts - a.attempts || a.turn - b.turn)
  if (worst === undefined) return false
  await endDelivery(draft, endpoint, worst, endedBy('queue-full', draft.nowMs))
  draft.telemetry.overflowed(endpoint.name, worst.refs.length)
  return true
}

/** The oldest messages that ended are forgotten; open ones stay listed. */
function trimLog(draft: Draft, endpoint: Endpoint): void {
  const { log, open } = endpoint
  while (log.length > draft.limits.listedMax) {
    const oldest = log.find((id) => !open.has(id))
    if (oldest === undefined) return
    unlist(draft, endpoint, oldest)
  }
}

/** Renewals are forgotten sooner. */
function trimRenewals(draft: Draft, endpoint: Endpoint): void {
  const renewals = endpoint.log.filter(isRenewalId)
  const surplus = Math.max(0, renewals.length - draft.limits.renewalsListedMax)
  for (const id of renewals.slice(0, surplus))
    if (!endpoint.open.has(id)) unlist(draft, endpoint, id)
}

function unlist(draft: Draft, { name, log }: Endpoint, id: string): void {
  log.splice(log.indexOf(id), 1)
  draft.put(recordKeys.delivery(name, id), null)
  draft.put(recordKeys.message(name, id), null)
  draft.place(listKeys.log(name), id, null)
}

const coalescing: ReadonlySet<EndReason> = new Set(['newer-state', 'retracted', 'regrouped'])

/** The end of a message that is not delivered. It gave way to something newer, or was given up. */
export function endedBy(reason: EndReason, endedMs: EpochMs): DeliveryEnd {
  return { status: coalescing.has(reason) ? 'coalesced' : 'given-up', reason, endedMs }
}

export function delivered(endedMs: EpochMs): DeliveryEnd {
  return { status: 'delivered', reason: null, endedMs }
}
