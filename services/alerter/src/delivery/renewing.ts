import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core'
import type { DeliveryContext } from './context.ts'
import { beginDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { storedLimits } from './limits.ts'
import { isNewer, refOf } from './notice-ref.ts'
import { listKeys, recordKeys } from './records.ts'
import type { RenewedAlert } from './renewed.ts'

/**
 * A message was taken in: where the channel wants that, what it told is told again, for as long as the alert fires, and a while after its end was told.
 * Not what is over by now. There is no room: what is over goes, and else the new one is told no more.
 */
export async function renewAccepted(
  draft: Draft,
  endpoint: Endpoint,
  message: OpenMessage,
  context: DeliveryContext,
): Promise<void> {
  if (endpoint.target?.channel.renewMs === undefined || message.test || message.isRenewal) return
  const notices = (await draft.get(recordKeys.message(endpoint.name, message.id)))!
  for (const notice of notices) await addRenewed(draft, endpoint, notice, context)
}

/** One more alert that is told again. */
export async function addRenewed(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  { limits, telemetry }: DeliveryContext,
): Promise<void> {
  const { name, renewed } = endpoint
  const ref = refOf(notice)
  const { alertId, status } = ref
  const latest = (await draft.get(recordKeys.notified(name, alertId)))?.latest
  if (status === 'firing' && latest?.status === 'resolved') return
  const known = renewed.get(alertId)
  if (known !== undefined && isNewer(known.ref, ref)) return
  if (known === undefined && renewed.size >= limits.renewedMax && !forgetOneOver(draft, endpoint))
    return telemetry.notRenewed(name)
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

/** Begins a message of what is due to be told again. @returns `null`: what was due is over for long enough, or there is no room for another message. */
export async function formRenewal(
  draft: Draft,
  endpoint: Endpoint,
  alerts: readonly RenewedAlert[],
  { limits }: DeliveryContext,
): Promise<OpenMessage | null> {
  const hasRoom = endpoint.open.size < limits.openMax
  const notices: Notice[] = []
  for (const { ref, untilMs } of alerts) {
    const { alertId } = ref
    if (untilMs !== null && untilMs <= draft.nowMs) stopRenewing(draft, endpoint, alertId)
    else if (hasRoom)
      notices.push((await draft.get(recordKeys.renewed(endpoint.name, alertId)))!.notice)
    else endpoint.renewed.setRenewed(alertId, draft.nowMs) // Next time.
  }
  return notices.length === 0
    ? null
    : beginDelivery(
        draft,
        endpoint,
        notices,
        { test: false, asked: false, isRenewal: true },
        limits,
      )
}

/** It is over: that it fires is told no more from now on, whatever becomes of the notice about its end. */
export function stopFiring(draft: Draft, endpoint: Endpoint, alertId: string): void {
  if (endpoint.renewed.get(alertId)?.ref.status === 'firing') stopRenewing(draft, endpoint, alertId)
}

function stopRenewing(draft: Draft, { name, renewed }: Endpoint, alertId: string): void {
  draft.put(recordKeys.renewed(name, alertId), null)
  draft.place(listKeys.renewed(name), alertId, null)
  renewed.remove(alertId)
}

/** An endpoint that is configured no more, or is of another kind now: nothing is told again. */
export function isRenewingVoid({ renewed, target }: Endpoint): boolean {
  return renewed.size > 0 && target?.channel.renewMs === undefined
}

/** At most so many. */
export function stopRenewingSome(draft: Draft, endpoint: Endpoint, most: number): void {
  for (const { ref } of [...endpoint.renewed.inTurn()].slice(0, most))
    stopRenewing(draft, endpoint, ref.alertId)
}

/** What is read to tell these again. */
export function keysOfRenewed(
  { name }: Endpoint,
  alerts: readonly RenewedAlert[],
): readonly string[] {
  return alerts.map(({ ref }) => recordKeys.renewed(name, ref.alertId))
}
