import type { EpochMs } from '@deskpulse/core'
import type { Answer, Channel, OutRequest, Verdict } from '../channels/channel.ts'
import type { Sender } from '../sending/sender.ts'
import type { AttemptEnd } from './attempts.ts'
import { fitDetail } from './detail.ts'
import type { Launch } from './endpoint.ts'
import type { Outcome } from './settle.ts'

/** Sends one message and hears the answer. Never rejects: a message that its channel cannot form, or an answer that
 * it cannot read, is a failed attempt as well, and harms no other. */
export async function attempt(
  launch: Launch,
  sender: Sender,
  nowMs: () => EpochMs,
  signal: AbortSignal,
): Promise<Outcome> {
  const { endpoint, line, message } = launch
  const beganMs = nowMs()
  endpoint.lastBeganMs = beganMs
  const { end, afterMs } = await requested(launch, sender, nowMs, signal)
  const fit = end.detail === null ? end : { ...end, detail: fitDetail(end.detail, line.config) }
  return { endpoint, message, beganMs, endedMs: nowMs(), end: fit, afterMs }
}

type Ended = { readonly end: AttemptEnd; readonly afterMs?: number }

async function requested(
  launch: Launch,
  sender: Sender,
  nowMs: () => EpochMs,
  signal: AbortSignal,
): Promise<Ended> {
  const request = formed(launch, nowMs())
  if ('end' in request) return request
  const sent = await sender.send(request, signal)
  if (sent.kind === 'answered') return judged(launch.line.channel, sent.answer, nowMs())
  const outcome = sent.reason === 'stopped' ? 'stopped' : 'failed'
  return { end: { outcome, httpStatus: null, reason: sent.reason, detail: sent.detail } }
}

function formed({ line, message, notices }: Launch, nowMs: EpochMs): OutRequest | Ended {
  try {
    return line.channel.request(line.config, { id: message.id, notices }, nowMs)
  } catch (error) {
    return {
      end: { outcome: 'failed', httpStatus: null, reason: 'not-formed', detail: String(error) },
    }
  }
}

function judged(channel: Channel, answer: Answer, nowMs: EpochMs): Ended {
  try {
    return ended(channel.judge(answer, nowMs), answer)
  } catch (error) {
    return {
      end: {
        outcome: 'failed',
        httpStatus: answer.status,
        reason: 'not-understood',
        detail: String(error),
      },
    }
  }
}

function ended(verdict: Verdict, { status: httpStatus }: Answer): Ended {
  switch (verdict.kind) {
    case 'accepted':
      return { end: { outcome: 'accepted', httpStatus, reason: null, detail: null } }
    case 'refused':
      return {
        end: { outcome: 'refused', httpStatus, reason: verdict.reason, detail: verdict.detail },
        afterMs: verdict.afterMs,
      }
    case 'gone':
      return { end: { outcome: 'gone', httpStatus, reason: 'gone', detail: verdict.detail } }
  }
}

/** What was about to be sent when the process ended: it was not. */
export function unsent({ endpoint, message }: Launch, nowMs: EpochMs): Outcome {
  const end: AttemptEnd = { outcome: 'stopped', httpStatus: null, reason: 'not-sent', detail: null }
  return { endpoint, message, beganMs: nowMs, endedMs: nowMs, end }
}
