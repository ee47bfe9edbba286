import { endDelivery, givenUp } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import type { DeliveryLimits } from './limits.ts'
import { listKeys, recordKeys } from './records.ts'
import { stopRenewingSome } from './renewing.ts'
import { endWaiting, keysOfWaiting } from './take-notice.ts'

/** Ended in one decision. */
export const pageMax = 200

/** An endpoint that is not configured any more: what was to be sent to it is given up and listed, a page at a time. Its log stays. */
export async function endSome(
  draft: Draft,
  endpoint: Endpoint,
  limits: DeliveryLimits,
): Promise<void> {
  const messages = [...endpoint.open.values()].slice(0, pageMax)
  const waiting = [...endpoint.queue.inTurn()]
    .slice(0, pageMax - messages.length)
    .map(({ ref }) => ref.alertId)
  await draft.load([
    ...messages.flatMap(({ id, refs }) => [
      recordKeys.delivery(endpoint.name, id),
      ...refs.map(({ alertId }) => recordKeys.notified(endpoint.name, alertId)),
    ]),
    ...keysOfWaiting(endpoint, waiting),
  ])
  for (const message of messages)
    await endDelivery(draft, endpoint, message, givenUp('endpoint-removed', draft.nowMs))
  for (const alertId of waiting)
    await endWaiting(draft, endpoint, alertId, 'endpoint-removed', limits)
  stopRenewingSome(draft, endpoint, pageMax)
  if (endpoint.isIdle) draft.place(listKeys.endpoints, endpoint.name, null)
}
