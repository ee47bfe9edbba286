import { type Notice, summaryKeyOf } from '@deskpulse/contract'
import { coalesced, givenUp, listEnded, noteNotified } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import type { DeliveryLimits } from './limits.ts'
import { isNewer, refOf } from './notice-ref.ts'
import { listKeys, recordKeys } from './records.ts'
import { stopFiring } from './renewing.ts'

/** A notice comes: it waits, in the place of what waited about the same alert. One that came before, or is older than what came, changes nothing. */
export async function takeNotice(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  limits: DeliveryLimits,
): Promise<void> {
  const ref = refOf(notice)
  const notified = await draft.get(recordKeys.notified(endpoint.name, ref.alertId))
  if (notified !== null && !isNewer(ref, notified.latest)) return
  const replaced = endpoint.queue.get(ref.alertId)
  if (replaced !== undefined && !isNewer(ref, replaced.ref)) return
  if (replaced !== undefined) await endWaiting(draft, endpoint, ref.alertId, 'newer-state', limits)
  if (ref.status === 'resolved') stopFiring(draft, endpoint, ref.alertId)
  await enqueue(draft, endpoint, notice)
}

/** It waits for a message, behind all that came before. */
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

/** What waits about an alert leaves the queue. @returns its notice. */
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

type WaitingEnd = 'newer-state' | 'retracted' | 'queue-full' | 'endpoint-removed'

/** What waits about an alert is not sent, and listed with the reason. */
export async function endWaiting(
  draft: Draft,
  endpoint: Endpoint,
  alertId: string,
  why: WaitingEnd,
  limits: DeliveryLimits,
): Promise<void> {
  const notice = await dequeue(draft, endpoint, alertId)
  const isCoalesced = why === 'newer-state' || why === 'retracted'
  await listEnded(
    draft,
    endpoint,
    notice,
    isCoalesced ? coalesced(why, draft.nowMs) : givenUp(why, draft.nowMs),
    limits,
  )
}

/** Gives up what there is no room for. */
export async function trimQueue(
  draft: Draft,
  endpoint: Endpoint,
  limits: DeliveryLimits,
): Promise<number> {
  const surplus = endpoint.queue.size - limits.waitingMax
  if (surplus <= 0) return 0
  const alertIds = [...endpoint.queue.expendable()].slice(0, surplus).map(({ ref }) => ref.alertId)
  await draft.load(keysOfWaiting(endpoint, alertIds))
  for (const alertId of alertIds) await endWaiting(draft, endpoint, alertId, 'queue-full', limits)
  return alertIds.length
}

/** What is read to end or to send what waits about these alerts. */
export function keysOfWaiting({ name }: Endpoint, alertIds: readonly string[]): readonly string[] {
  return alertIds.flatMap((alertId) => [
    recordKeys.waiting(name, alertId),
    recordKeys.notified(name, alertId),
  ])
}
