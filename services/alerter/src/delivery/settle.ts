import type { DurationMs, EpochMs } from '@deskpulse/core'
import { type AttemptEnd, mayHaveArrived, withEnded } from './attempts.ts'
import { changeHealth } from './change-health.ts'
import type { DeliveryContext } from './context.ts'
import { delivered, endDelivery, givenUp, noteMessage } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { afterFailure, afterGone, afterSuccess } from './health.ts'
import { type DeliveryRecord, recordKeys } from './records.ts'
import { renewAccepted } from './renewing.ts'
import { retryDelay } from './retry.ts'

/** How a request ended, as it is gathered until it is written. */
export type Outcome = {
  readonly endpoint: Endpoint
  readonly message: OpenMessage
  readonly beganMs: EpochMs
  readonly endedMs: EpochMs
  readonly end: AttemptEnd
  /** The receiver's wish. */
  readonly afterMs?: DurationMs
}

/** What is read to write these outcomes. */
export function keysOfOutcomes(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ endpoint: { name, target }, message: { id, refs, isRenewal } }) => [
    recordKeys.delivery(name, id),
    ...(isRenewal ? [] : refs.map(({ alertId }) => recordKeys.notified(name, alertId))),
    ...(isRenewal || target?.channel.renewMs === undefined ? [] : [recordKeys.message(name, id)]),
  ])
}

/** Writes how an attempt ended, and what follows for its message and its endpoint. */
export async function settle(
  draft: Draft,
  outcome: Outcome,
  context: DeliveryContext,
): Promise<void> {
  const { endpoint, message, end, endedMs } = outcome
  const key = recordKeys.delivery(endpoint.name, message.id)
  const record = (await draft.get(key))!
  const attempted: DeliveryRecord = {
    ...record,
    attempts: withEnded(record.attempts, endedMs, end),
  }
  endpoint.ended(message)
  message.unsure ||= mayHaveArrived(end)
  judge(draft, outcome, context)
  if (end.outcome === 'accepted') {
    draft.put(key, attempted)
    await endDelivery(draft, endpoint, message, delivered(endedMs))
    return renewAccepted(draft, endpoint, message, context)
  }
  endpoint.isDirty = true
  if (end.outcome === 'stopped') message.asked = record.asked
  message.dueMs = dueAfter(outcome, context)
  draft.put(key, {
    ...attempted,
    asked: message.asked,
    unsure: message.unsure,
    dueMs: message.dueMs,
  })
  if (message.unsure) await noteMessage(draft, endpoint, message, maybeReceived(message))
  if (message.asked) return
  if (record.resumes !== null) return endDelivery(draft, endpoint, message, record.resumes)
  if (message.test && endpoint.health.state === 'disabled') {
    await endDelivery(draft, endpoint, message, givenUp('endpoint-disabled', endedMs))
  }
}

const maybeReceived = ({ id }: OpenMessage) =>
  ({ deliveryId: id, state: 'sending', received: 'maybe' }) as const

function dueAfter(
  { message, end, endedMs, afterMs }: Outcome,
  { random }: DeliveryContext,
): EpochMs {
  if (end.outcome === 'stopped') return endedMs
  return (endedMs + retryDelay(message.attempts, random(), afterMs)) as EpochMs
}

/** What the attempt says about the endpoint. One that we broke off ourselves says nothing. */
function judge(
  draft: Draft,
  { endpoint, beganMs, endedMs, end, afterMs }: Outcome,
  context: DeliveryContext,
): void {
  const failure = { beganMs, endedMs, afterMs, detail: end.detail ?? end.reason ?? '' }
  switch (end.outcome) {
    case 'accepted':
      return changeHealth(draft, endpoint, afterSuccess(endpoint.health, endedMs), context)
    case 'gone':
      return changeHealth(draft, endpoint, afterGone(endpoint.health, failure), context)
    case 'refused':
    case 'failed':
      return changeHealth(
        draft,
        endpoint,
        afterFailure(endpoint.health, failure, context.random()),
        context,
      )
    case 'stopped':
    case 'interrupted':
      return
  }
}
