import { coalesced, endDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import type { DeliveryLimits } from './limits.ts'
import { isSame, type NoticeRef } from './notice-ref.ts'
import { recordKeys } from './records.ts'
import type { RenewedAlert } from './renewed.ts'
import { endWaiting, enqueue, keysOfWaiting } from './take-notice.ts'

/**
 * What newer states make pointless is not sent: a message that failed gives way when newer states of its alerts wait, and what was taken back before
 * anybody heard of it is told to nobody. A message that may have arrived gives way only when it is outdated as a whole: its other notices would go out
 * again under another id. A message that tells the same again gives way as soon as anything of it is another by now.
 */
export async function coalesce(
  draft: Draft,
  endpoint: Endpoint,
  limits: DeliveryLimits,
): Promise<void> {
  if (!endpoint.isDirty) return
  endpoint.isDirty = false
  for (const message of [...endpoint.open.values()]) {
    if (message.underWay) continue
    if (isTooLarge(endpoint, message)) await dissolve(draft, endpoint, message, 'regrouped')
    else if (isOutdated(endpoint, message)) await dissolve(draft, endpoint, message, 'newer-state')
  }
  const untold = [...endpoint.queue.retracted].filter((alertId) => isUntold(endpoint, alertId))
  await draft.load(keysOfWaiting(endpoint, untold))
  for (const alertId of untold) await endWaiting(draft, endpoint, alertId, 'retracted', limits)
}

/** The endpoint is of another kind now. */
function isTooLarge(endpoint: Endpoint, { refs }: OpenMessage): boolean {
  const isSummary = refs.every((ref) => endpoint.summaryOf(ref) !== null)
  return !isSummary && refs.length > (endpoint.target?.channel.noticesMax ?? Infinity)
}

function isOutdated(
  { queue, renewed, target }: Endpoint,
  { refs, unsure, asked, isRenewal, attempts }: OpenMessage,
): boolean {
  if (target?.channel.pingMs !== undefined && isRenewal) return attempts > 0 // The next one follows.
  if (isRenewal)
    return refs.some(
      (ref) => queue.get(ref.alertId) !== undefined || !isKept(ref, renewed.get(ref.alertId)),
    )
  if (asked && target?.channel.renewMs === undefined) return false
  const outdated = refs.filter(({ alertId }) => queue.get(alertId) !== undefined)
  return outdated.length === refs.length || (outdated.length > 0 && !unsure)
}

const isKept = (ref: NoticeRef, kept: RenewedAlert | undefined): boolean =>
  kept !== undefined && isSame(kept.ref, ref)

/** Its notices that nothing newer stands for wait again. */
async function dissolve(
  draft: Draft,
  endpoint: Endpoint,
  message: OpenMessage,
  why: 'newer-state' | 'regrouped',
): Promise<void> {
  await draft.load([
    recordKeys.delivery(endpoint.name, message.id),
    recordKeys.message(endpoint.name, message.id),
    ...message.refs.map(({ alertId }) => recordKeys.notified(endpoint.name, alertId)),
  ])
  const notices = (await draft.get(recordKeys.message(endpoint.name, message.id)))!
  await endDelivery(draft, endpoint, message, coalesced(why, draft.nowMs))
  if (message.isRenewal) return // They are due as they were.
  for (const notice of notices) {
    if (endpoint.queue.get(notice.alertId) === undefined) await enqueue(draft, endpoint, notice)
  }
}

function isUntold(endpoint: Endpoint, alertId: string): boolean {
  return endpoint.queue.get(alertId)?.received === 'no' && !endpoint.isHeld(alertId)
}
