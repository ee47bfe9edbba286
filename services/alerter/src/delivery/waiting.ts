import { type AlertRecord, type Notice, summaryKeyOf } from '@deskpulse/contract'
import { delivered, endDelivery, endedBy, listEnded, noteNotified } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import { isNewer, refOf } from './notice-ref.ts'
import { type EndReason, listKeys, recordKeys } from './records.ts'
import { addRenewed, stopFiring } from './renewals.ts'

/**
 * A notice comes. It waits, in the place of what waited about the same alert. A notice that came
 * before, or is older than what came, changes nothing.
 */
export async function takeNotice(draft: Draft, endpoint: Endpoint, notice: Notice): Promise<void> {
  const ref = refOf(notice)
  const notified = await draft.get(recordKeys.notified(endpoint.name, ref.alertId))
  if (notified !== null && !isNewer(ref, notified.latest)) return
  const replaced = endpoint.queue.get(ref.alertId)
  if (replaced !== undefined && !isNewer(ref, replaced.ref)) return
  if (replaced !== undefined) await endWaiting(draft, endpoint, [ref.alertId], 'newer-state')
  if (ref.status === 'resolved') stopFiring(draft, endpoint, ref.alertId)
  await enqueue(draft, endpoint, notice)
}

/** The topic says that a message was delivered. A state that was lost or put back does not know, and must not send it again. */
export async function takeDelivered(
  draft: Draft,
  endpoint: Endpoint,
  { messageId, notices }: Extract<AlertRecord, { readonly kind: 'delivered' }>,
  isYoung: boolean,
): Promise<void> {
  const open = endpoint.open.get(messageId)
  if (open !== undefined) return endDelivery(draft, endpoint, open, delivered(draft.nowMs))
  const news = { deliveryId: null, state: 'delivered', received: 'yes' } as const
  for (const state of notices) {
    const waiting = endpoint.queue.get(state.alertId)
    if (waiting === undefined || isNewer(waiting.ref, state)) continue
    const notice = await dequeue(draft, endpoint, state.alertId)
    const isFiring = state.status === 'firing'
    if (isFiring && endpoint.renews) await addRenewed(draft, endpoint, notice)
    // Where everything is lost the alert book tells what fires once more, by the same notice: that one must be news.
    if (isFiring && isYoung) draft.put(recordKeys.notified(endpoint.name, state.alertId), null)
    else await noteNotified(draft, endpoint, waiting.ref, news)
  }
}

/** A notice waits for a message, behind all that came before. */
export async function enqueue(draft: Draft, endpoint: Endpoint, notice: Notice): Promise<void> {
  const { name, queue } = endpoint
  if (summaryKeyOf(notice) !== null) endpoint.gather(draft.nowMs)
  const ref = refOf(notice)
  const seq = ++endpoint.seq
  draft.put(recordKeys.waiting(name, ref.alertId), { notice, seq })
  draft.place(listKeys.waiting(name), ref.alertId, seq)
  await noteNotified(draft, endpoint, ref, { deliveryId: null, state: 'waiting' })
  const notified = await draft.get(recordKeys.notified(name, ref.alertId))
  queue.add({ ref, seq, received: notified?.received ?? 'no' })
  endpoint.isDirty = true
}

/** The notice that waits about an alert leaves the queue. */
export async function dequeue(
  draft: Draft,
  { name, queue }: Endpoint,
  alertId: string,
): Promise<Notice> {
  const key = recordKeys.waiting(name, alertId)
  const { notice } = (await draft.get(key))!
  draft.put(key, null)
  draft.place(listKeys.waiting(name), alertId, null)
  queue.remove(alertId)
  return notice
}

/** Notices that wait about these alerts are not sent. The log lists them with the reason. */
export async function endWaiting(
  draft: Draft,
  endpoint: Endpoint,
  alertIds: readonly string[],
  why: EndReason,
): Promise<void> {
  await draft.load(keysOfWaiting(endpoint, alertIds))
  for (const alertId of alertIds) {
    const notice = await dequeue(draft, endpoint, alertId)
    await listEnded(draft, endpoint, notice, endedBy(why, draft.nowMs))
  }
}

/** Gives up what there is no room for. @returns how many notices */
export async function trimQueue(draft: Draft, endpoint: Endpoint): Promise<number> {
  const surplus = endpoint.queue.size - draft.limits.waitingMax
  if (surplus <= 0) return 0
  const alertIds = [...endpoint.queue.expendable()].slice(0, surplus).map(({ ref }) => ref.alertId)
  await endWaiting(draft, endpoint, alertIds, 'queue-full')
  return alertIds.length
}

/** Keys that are read to end or to send what waits about these alerts. */
export function keysOfWaiting({ name }: Endpoint, alertIds: readonly string[]): readonly string[] {
  return alertIds.flatMap((alertId) => [
    recordKeys.waiting(name, alertId),
    recordKeys.notified(name, alertId),
  ])
}
