import { endDelivery, endedBy } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { isSame, type NoticeRef } from './notice-ref.ts'
import { recordKeys } from './records.ts'
import { endWaiting, enqueue } from './waiting.ts'

/**
 * Sends nothing that newer states make pointless. A message that failed gives way when newer states
 * of its alerts wait, and nobody is told of an alert that was retracted before anybody heard of it. A
 * message that may have arrived gives way only when it is outdated as a whole: its other notices
 * would go out again under another id. A renewal gives way as soon as one of its alerts changed.
 */
export async function coalesce(draft: Draft, endpoint: Endpoint): Promise<void> {
  if (!endpoint.isDirty) return
  endpoint.isDirty = false
  for (const message of [...endpoint.open.values()]) {
    if (message.underWay) continue
    if (isTooLarge(endpoint, message)) await dissolve(draft, endpoint, message, 'regrouped')
    else if (isOutdated(endpoint, message)) await dissolve(draft, endpoint, message, 'newer-state')
  }
  const { queue } = endpoint
  const unheard = [...queue.retracted].filter(
    (alertId) => queue.get(alertId)?.received === 'no' && !endpoint.isHeld(alertId),
  )
  await endWaiting(draft, endpoint, unheard, 'retracted')
}

/** The endpoint is of another kind now. */
function isTooLarge(endpoint: Endpoint, { refs }: OpenMessage): boolean {
  const isSummary = refs.every((ref) => endpoint.summaryOf(ref) !== null)
  return !isSummary && refs.length > (endpoint.target?.channel.noticesMax ?? Infinity)
}

function isOutdated(endpoint: Endpoint, message: OpenMessage): boolean {
  const { queue, renewed, target, renews } = endpoint
  const { refs, unsure, asked, isRenewal, attempts } = message
  const hasNewer = ({ alertId }: NoticeRef): boolean => queue.get(alertId) !== undefined
  const isKept = (ref: NoticeRef): boolean => {
    const kept = renewed.get(ref.alertId)
    return kept !== undefined && isSame(kept.ref, ref)
  }
  if (isRenewal && target?.channel.pingMs !== undefined) return attempts > 0 // The next one follows.
  if (isRenewal) return refs.some((ref) => hasNewer(ref) || !isKept(ref))
  if (asked && !renews) return false
  const outdated = refs.filter(hasNewer)
  return outdated.length === refs.length || (outdated.length > 0 && !unsure)
}

/** Ends a message. Its notices that nothing newer stands for wait again. */
async function dissolve(
  draft: Draft,
  endpoint: Endpoint,
  message: OpenMessage,
  why: 'newer-state' | 'regrouped',
): Promise<void> {
  const { name, queue } = endpoint
  const key = recordKeys.message(name, message.id)
  const notified = message.refs.map(({ alertId }) => recordKeys.notified(name, alertId))
  await draft.load([recordKeys.delivery(name, message.id), key, ...notified])
  const notices = (await draft.get(key))!
  await endDelivery(draft, endpoint, message, endedBy(why, draft.nowMs))
  if (message.isRenewal) return // They are due as they were.
  for (const notice of notices) {
    if (queue.get(notice.alertId) === undefined) await enqueue(draft, endpoint, notice)
  }
}
