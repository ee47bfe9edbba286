import type { ToldState } from '@deskpulse/contract'
import type { AlertTransition, NoticeReason, Told } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { fromJsonBytes, jsonBytes } from '@deskpulse/stream'

export type Acknowledgement = {
  readonly author: string
  readonly comment: string
  readonly atMs: EpochMs
}

/** One alert as the alert book keeps it. */
export type AlertState = {
  readonly alertId: string
  /** As it was taken in last. */
  readonly transition: AlertTransition
  /** When its beginning was taken in; of an alert whose beginning never came, its end. */
  readonly takenMs: EpochMs
  readonly acknowledged: Acknowledgement | null
  /** What was told of it so far, and why nothing more is told now; `null`: not asked yet. */
  readonly told: Told | null
  readonly why: NoticeReason | null
  /** When to ask again; `null`: not because of time. */
  readonly nextMs: EpochMs | null
  /** Nothing will ever be told of it again. */
  readonly isFinal: boolean
}

/**
 * An alert after a transition that came. Each may come again, and after later ones: an alert that is over stays so, because a new one has a new number.
 * @returns `known` itself when the transition says nothing new.
 */
export function withTransition(
  known: AlertState | null,
  alertId: string,
  transition: AlertTransition,
  nowMs: EpochMs,
): AlertState {
  if (known === null) {
    return {
      alertId,
      transition,
      takenMs: nowMs,
      acknowledged: null,
      told: null,
      why: null,
      nextMs: null,
      isFinal: false,
    }
  }
  const { transition: before } = known
  if (before.status === 'resolved') return known
  if (transition.status === 'firing' && transition.detectedMs <= before.detectedMs) return known
  // A rule that was changed meanwhile ends it by another limit than the one that it passed.
  return {
    ...known,
    transition:
      transition.status === 'firing' ? transition : { ...transition, limit: before.limit },
  }
}

/** Of the first person who said so; of an alert that is over it says nothing. */
export function withAcknowledgement(known: AlertState, acknowledged: Acknowledgement): AlertState {
  return known.acknowledged !== null || known.transition.status === 'resolved'
    ? known
    : { ...known, acknowledged }
}

/** As the topic says it was told: a state that was lost, or put back, may not know it. @returns `known` itself when it does. */
export function withTold(known: AlertState, { status, repeat, ...rest }: ToldRecord): AlertState {
  const { told, transition } = known
  const isKnown =
    told !== null &&
    (told.status === 'resolved' || (told.status === status && told.repeat >= repeat))
  if (isKnown) return known
  const { atMs, endpoints } = rest
  return {
    ...known,
    told: { status, atMs, repeat, endpoints },
    why: 'told',
    isFinal: status === 'resolved' && transition.status === 'resolved',
  }
}
export type ToldRecord = ToldState & Pick<Told, 'atMs' | 'endpoints'>

export const encodeAlert: (value: AlertState) => Uint8Array = jsonBytes
export const decodeAlert: (bytes: Uint8Array) => AlertState = fromJsonBytes
