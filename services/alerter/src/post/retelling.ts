import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core'
import type { PostContext } from './context.ts'
import { openDelivery } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { storedLimits } from './limits.ts'
import { isNewer, refOf } from './notice-ref.ts'
import { listKeys, recordKeys } from './records.ts'
import type { RetoldAlert } from './retold.ts'

/**
 * A message was taken in: where the channel wants that, what it told is told again, for as long as the alert fires, and a while after its end was told.
 * Not what is over by now. There is no room: what is over goes, and else the new one is told no more.
 */
export async function keepTelling(
  draft: Draft,
  endpoint: Endpoint,
  message: OpenMessage,
  context: PostContext,
): Promise<void> {
  if (endpoint.line?.channel.retellMs === undefined || message.test || message.isRetell) return
  const notices = (await draft.get(recordKeys.message(endpoint.name, message.id)))!
  for (const notice of notices) await keep(draft, endpoint, notice, context)
}

/** One more alert that is told again. */
export async function keep(
  draft: Draft,
  endpoint: Endpoint,
  notice: Notice,
  { limits, telemetry }: PostContext,
): Promise<void> {
  const { name, retold } = endpoint
  const ref = refOf(notice)
  const { alertId, status } = ref
  const latest = (await draft.get(recordKeys.told(name, alertId)))?.latest
  if (status === 'firing' && latest?.status === 'resolved') return
  const known = retold.get(alertId)
  if (known !== undefined && isNewer(known.ref, ref)) return
  if (known === undefined && retold.size >= limits.retoldMax && !forgetOneOver(draft, endpoint))
    return telemetry.notRetold(name)
  const untilMs =
    status === 'firing' ? null : ((draft.nowMs + storedLimits.endRetoldForMs) as EpochMs)
  draft.put(recordKeys.retold(name, alertId), { notice, untilMs })
  draft.place(listKeys.retold(name), alertId, ++endpoint.seq)
  retold.add({ ref, toldMs: draft.nowMs, untilMs })
}

function forgetOneOver(draft: Draft, endpoint: Endpoint): boolean {
  for (const { ref, untilMs } of endpoint.retold.inTurn()) {
    if (untilMs === null) continue
    stopTelling(draft, endpoint, ref.alertId)
    return true
  }
  return false
}

/** Begins a message of what is due to be told again. @returns `null`: what was due is over for long enough, or there is no room for another message. */
export async function formRetell(
  draft: Draft,
  endpoint: Endpoint,
  alerts: readonly RetoldAlert[],
  { limits }: PostContext,
): Promise<OpenMessage | null> {
  const hasRoom = endpoint.open.size < limits.openMax
  const notices: Notice[] = []
  for (const { ref, untilMs } of alerts) {
    const { alertId } = ref
    if (untilMs !== null && untilMs <= draft.nowMs) stopTelling(draft, endpoint, alertId)
    else if (hasRoom)
      notices.push((await draft.get(recordKeys.retold(endpoint.name, alertId)))!.notice)
    else endpoint.retold.toldAt(alertId, draft.nowMs) // Next time.
  }
  return notices.length === 0
    ? null
    : openDelivery(draft, endpoint, notices, { test: false, asked: false, isRetell: true }, limits)
}

/** It is over: that it fires is told no more from now on, whatever becomes of the notice about its end. */
export function stopFiring(draft: Draft, endpoint: Endpoint, alertId: string): void {
  if (endpoint.retold.get(alertId)?.ref.status === 'firing') stopTelling(draft, endpoint, alertId)
}

function stopTelling(draft: Draft, { name, retold }: Endpoint, alertId: string): void {
  draft.put(recordKeys.retold(name, alertId), null)
  draft.place(listKeys.retold(name), alertId, null)
  retold.remove(alertId)
}

/** An endpoint that is configured no more, or is of another kind now: nothing is told again. */
export function isRetellingVoid({ retold, line }: Endpoint): boolean {
  return retold.size > 0 && line?.channel.retellMs === undefined
}

/** At most so many. */
export function stopTellingSome(draft: Draft, endpoint: Endpoint, most: number): void {
  for (const { ref } of [...endpoint.retold.inTurn()].slice(0, most))
    stopTelling(draft, endpoint, ref.alertId)
}

/** What is read to tell these again. */
export function keysOfRetold(
  { name }: Endpoint,
  alerts: readonly RetoldAlert[],
): readonly string[] {
  return alerts.map(({ ref }) => recordKeys.retold(name, ref.alertId))
}
