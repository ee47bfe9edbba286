import type { AlertRecord } from '@deskpulse/contract'
import { delivered, endDelivery, noteNotified } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint } from './endpoint.ts'
import type { DeliveryContext } from './context.ts'
import { isNewer } from './notice-ref.ts'
import { recordKeys } from './records.ts'
import { addRenewed } from './renewing.ts'
import { dequeue } from './take-notice.ts'

/** What the topic says was delivered, and a state that was lost or put back does not know: it is not sent again. */
export async function takeDelivered(
  draft: Draft,
  endpoint: Endpoint,
  { messageId, notices }: Extract<AlertRecord, { readonly kind: 'delivered' }>,
  isYoung: boolean,
  context: DeliveryContext,
): Promise<void> {
  const open = endpoint.open.get(messageId)
  if (open !== undefined) return endDelivery(draft, endpoint, open, delivered(draft.nowMs))
  for (const state of notices) {
    const waiting = endpoint.queue.get(state.alertId)
    if (waiting === undefined || isNewer(waiting.ref, state)) continue
    const notice = await dequeue(draft, endpoint, state.alertId)
    const isFiring = state.status === 'firing'
    if (isFiring && endpoint.target?.channel.renewMs !== undefined)
      await addRenewed(draft, endpoint, notice, context)
    // Where everything is lost the desk tells what fires once more, by the same notice: that one must be news.
    if (isFiring && isYoung) draft.put(recordKeys.notified(endpoint.name, state.alertId), null)
    else
      await noteNotified(draft, endpoint, waiting.ref, {
        deliveryId: null,
        state: 'delivered',
        received: 'yes',
      })
  }
}
