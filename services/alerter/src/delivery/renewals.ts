import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { beginDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { storedLimits } from './limits.ts'
import { isNewer, refOf } from './notice-ref.ts'
import { listKeys, recordKeys } from './records.ts'
import type { RenewedAlert } from './renewed-alerts.ts'

/**
 * An endpoint took a message in. Where its channel wants that, it is told the same again for as long
 * as the alert fires, and a while after its end was told; it is not told what is over by now.
 */
export async function renewAccepted(
  draft: Draft,
  endpoint: Endpoint,
  { id, test, isRenewal }: OpenMessage,
): Promise<void> {
  if (!endpoint.renews || test || isRenewal) return
  const notices = (await draft.get(recordKeys.message(endpoint.name, id)))!
  for (const notice of notices) await addRenewed(draft, endpoint, notice)
}

/** Renews one more alert. Without room, one that is over makes room, and else the new one is not renewed. */
export async function addRenewed(draft: Draft, endpoint: Endpoint, notice: Notice): Promise<void> {
  const { name, renewed } = endpoint
  const ref = refOf(notice)
  const { alertId, status } = ref
  const latest = (await draft.get(recordKeys.notified(name, alertId)))?.latest
  if (status === 'firing' && latest?.status === 'resolved') return
  const known = renewed.get(alertId)
  if (known !== undefined && isNewer(known.ref, ref)) return
  const isFull = known === undefined && renewed.size >= draft.limits.renewedMax
  if (isFull && !forgetOneOver(draft, endpoint)) return draft.telemetry.notRenewed(name)
  const untilMs =
    status === 'firing' ? null : ((draft.nowMs + storedLimits.endRenewedForMs) as EpochMs)
  draft.put(recordKeys.renewed(name, alertId), { notice, untilMs })
  draft.place(listKeys.renewed(name), alertId, ++endpoint.seq)
  renewed.add({ ref, renewedMs: draft.nowMs, untilMs })
}

function forgetOneOver(draft: Draft, endpoint: Endpoint): boolean {
  for (const { ref, untilMs } of endpoint.renewed.inTurn()) {
    if (untilMs === null) continue
    stopRenewing(draft, endpoint, ref.alertId)
    return true
  }
  return false
}

/** Begins a message of alerts that are due. @returns `null`: they are over for long enough, or there is no room for another message. */
export async function formRenewal(
  draft: Draft,
  endpoint: Endpoint,
  alerts: readonly RenewedAlert[],
): Promise<OpenMessage | null> {
  const { name, open, renewed } = endpoint
  const hasRoom = open.size < draft.limits.openMax
  const notices: Notice[] = []
  for (const { ref, untilMs } of alerts) {
    const { alertId } = ref
    if (untilMs !== null && untilMs <= draft.nowMs) stopRenewing(draft, endpoint, alertId)
    else if (hasRoom) notices.push((await draft.get(recordKeys.renewed(name, alertId)))!.notice)
    else renewed.setRenewed(alertId, draft.nowMs) // Next time.
  }
  if (notices.length === 0) return null
  return beginDelivery(draft, endpoint, notices, { test: false, asked: false, isRenewal: true })
}

/** The alert is over: nobody is told any more that it fires, whatever becomes of the notice about its end. */
export function stopFiring(draft: Draft, endpoint: Endpoint, alertId: string): void {
  const isFiring = endpoint.renewed.get(alertId)?.ref.status === 'firing'
  if (isFiring) stopRenewing(draft, endpoint, alertId)
}

function stopRenewing(draft: Draft, { name, renewed }: Endpoint, alertId: string): void {
  draft.put(recordKeys.renewed(name, alertId), null)
  draft.place(listKeys.renewed(name), alertId, null)
  renewed.remove(alertId)
}

/** An endpoint that is configured no more, or is of another kind now, is renewed nothing. */
export const isRenewingVoid = ({ renewed, renews }: Endpoint): boolean =>
  renewed.size > 0 && !renews

/** Stops renewing so many alerts at most. */
export function stopRenewingSome(draft: Draft, endpoint: Endpoint, most: number): void {
  const some = [...endpoint.renewed.inTurn()].slice(0, most)
  for (const { ref } of some) stopRenewing(draft, endpoint, ref.alertId)
}
