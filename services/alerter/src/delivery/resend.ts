import type { Notice } from '@deskpulse/contract'
import type { DeliveryContext } from './context.ts'
import { noteNotified, beginDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import { type Endpoint, openMessage, type OpenMessage } from './endpoint.ts'
import { makeRoom } from './make-room.ts'
import { isSame, messageIdOf } from './notice-ref.ts'
import { type DeliveryRecord, listKeys, recordKeys } from './records.ts'
import { dequeue } from './take-notice.ts'

/**
 * The same message again, whatever became of it: one attempt more, as soon as it is its turn. A receiver that takes alerts for over unless they are told
 * again must not be told an old state: it gets the present ones.
 */
export async function resend(
  draft: Draft,
  endpoint: Endpoint,
  id: string,
  context: DeliveryContext,
): Promise<void> {
  const record = await draft.get(recordKeys.delivery(endpoint.name, id))
  if (record === null) return
  const open = endpoint.open.get(id)
  if (open !== undefined) return ask(draft, endpoint, open)
  if (endpoint.target?.channel.renewMs === undefined)
    return reopen(draft, endpoint, record, context)
  return sendPresent(draft, endpoint, record, context)
}

async function ask(draft: Draft, { name }: Endpoint, open: OpenMessage): Promise<void> {
  const key = recordKeys.delivery(name, open.id)
  draft.put(key, { ...(await draft.get(key))!, asked: true })
  open.asked = true
}

/** What a newer state waits of goes out by itself; what a message holds goes out with that one. */
async function sendPresent(
  draft: Draft,
  endpoint: Endpoint,
  { notices }: DeliveryRecord,
  context: DeliveryContext,
): Promise<void> {
  const alertIds = new Set(notices.map(({ alertId }) => alertId))
  for (const open of endpoint.open.values())
    if (open.refs.some(({ alertId }) => alertIds.has(alertId))) await ask(draft, endpoint, open)
  const present: Notice[] = []
  for (const alertId of alertIds) {
    if (endpoint.isHeld(alertId) || endpoint.queue.get(alertId) !== undefined) continue
    const notice = await presentNotice(draft, endpoint, alertId)
    if (notice !== null) present.push(notice)
  }
  if (present.length === 0) return
  const known = await draft.get(
    recordKeys.delivery(endpoint.name, messageIdOf(endpoint.name, present)),
  )
  if (known !== null) return reopen(draft, endpoint, known, context)
  if (!(await makeRoom(draft, endpoint, new Set(), context))) return
  await beginDelivery(draft, endpoint, present, { test: false, asked: true }, context.limits)
}

/** The newest state of an alert that ever was in a message, `null` when that message is forgotten. */
async function presentNotice(
  draft: Draft,
  endpoint: Endpoint,
  alertId: string,
): Promise<Notice | null> {
  const { name, renewed } = endpoint
  if (renewed.get(alertId) !== undefined)
    return (await draft.get(recordKeys.renewed(name, alertId)))!.notice
  const notified = await draft.get(recordKeys.notified(name, alertId))
  if (notified === null) return null
  const { latest, entries } = notified
  const deliveryId = entries.find((entry) => isSame(entry, latest))?.deliveryId ?? null
  const notices = deliveryId === null ? null : await draft.get(recordKeys.message(name, deliveryId))
  return notices?.find((notice) => notice.alertId === alertId && isSame(notice, latest)) ?? null
}

async function reopen(
  draft: Draft,
  endpoint: Endpoint,
  record: DeliveryRecord,
  context: DeliveryContext,
): Promise<void> {
  const { id } = record
  if (!(await makeRoom(draft, endpoint, new Set(), context))) return // It stays listed as it was.
  const resumes = (await takeBack(draft, endpoint, record)) ? null : record.end
  const reopened = { ...record, asked: true, dueMs: draft.nowMs, end: null, resumes }
  draft.put(recordKeys.delivery(endpoint.name, id), reopened)
  endpoint.hold(openMessage(reopened))
  draft.place(listKeys.open(endpoint.name), id, record.seq)
}

/** What a message gave back to the queue, and still waits there, is the message's own again: nothing goes out under two ids. @returns whether there was any. */
async function takeBack(
  draft: Draft,
  endpoint: Endpoint,
  { id, notices }: DeliveryRecord,
): Promise<boolean> {
  const waiting = notices.filter((ref) => {
    const found = endpoint.queue.get(ref.alertId)
    return found !== undefined && isSame(found.ref, ref)
  })
  for (const ref of waiting) {
    await dequeue(draft, endpoint, ref.alertId)
    await noteNotified(draft, endpoint, ref, { deliveryId: id, state: 'sending' })
  }
  return waiting.length > 0
}
