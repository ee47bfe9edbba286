import type { DurationMs, EpochMs } from '@deskpulse/core/time'
import { type AttemptEnd, mayHaveArrived, withEnded } from './attempts.ts'
import { delivered, endDelivery, endedBy, noteMessage } from './delivery-log.ts'
import type { Draft } from './draft.ts'
import { changeHealth } from './endpoint-health.ts'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { afterFailure, afterGone, afterSuccess, type Health, retryDelay } from './health.ts'
import { recordKeys } from './records.ts'
import { renewAccepted } from './renewals.ts'

/** How a request ended. Outcomes are gathered until they are written. */
export type Outcome = {
  readonly endpoint: Endpoint
  readonly message: OpenMessage
  readonly beganMs: EpochMs
  readonly endedMs: EpochMs
  readonly end: AttemptEnd
  /** The pause that the receiver asked for. */
  readonly afterMs?: DurationMs
}

/** Keys that are read to write these outcomes. */
export function keysOfOutcomes(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ endpoint: { name, renews }, message: { id, refs, isRenewal } }) => [
    recordKeys.delivery(name, id),
    ...(isRenewal ? [] : refs.map(({ alertId }) => recordKeys.notified(name, alertId))),
    ...(isRenewal || !renews ? [] : [recordKeys.message(name, id)]),
  ])
}

/** Writes how an attempt ended, and what follows for its message and its endpoint. */
export async function writeOutcome(draft: Draft, outcome: Outcome): Promise<void> {
  const { endpoint, message, end, endedMs } = outcome
  const { id } = message
  const key = recordKeys.delivery(endpoint.name, id)
  const record = (await draft.get(key))!
  const attempted = { ...record, attempts: withEnded(record.attempts, endedMs, end) }
  endpoint.ended(message)
  message.unsure ||= mayHaveArrived(end)
  const health = healthAfter(outcome, draft)
  if (health !== null) changeHealth(draft, endpoint, health)
  if (end.outcome === 'accepted') {
    draft.put(key, attempted)
    await endDelivery(draft, endpoint, message, delivered(endedMs))
    return renewAccepted(draft, endpoint, message)
  }
  endpoint.isDirty = true
  if (end.outcome === 'stopped') message.asked = record.asked
  message.dueMs = dueAfter(outcome, draft)
  const { asked, unsure, dueMs } = message
  draft.put(key, { ...attempted, asked, unsure, dueMs })
  const news = { deliveryId: id, state: 'sending', received: 'maybe' } as const
  if (unsure) await noteMessage(draft, endpoint, message, news)
  if (asked) return
  if (record.resumes !== null) return endDelivery(draft, endpoint, message, record.resumes)
  const isInVain = message.test && endpoint.health.state === 'disabled'
  if (isInVain) await endDelivery(draft, endpoint, message, endedBy('endpoint-disabled', endedMs))
}

function dueAfter({ message, end, endedMs, afterMs }: Outcome, { random }: Draft): EpochMs {
  if (end.outcome === 'stopped') return endedMs
  return (endedMs + retryDelay(message.attempts, random(), afterMs)) as EpochMs
}

/** The endpoint's health after an attempt. `null`: an attempt that we broke off ourselves says nothing. */
function healthAfter(outcome: Outcome, { random }: Draft): Health | null {
  const { endpoint, beganMs, endedMs, end, afterMs } = outcome
  const { health } = endpoint
  const failure = { beganMs, endedMs, afterMs, detail: end.detail! } // What failed says how.
  switch (end.outcome) {
    case 'accepted':
      return afterSuccess(health, endedMs)
    case 'gone':
      return afterGone(health, failure)
    case 'refused':
    case 'failed':
      return afterFailure(health, failure, random())
    case 'stopped':
    case 'interrupted':
      return null
  }
}
