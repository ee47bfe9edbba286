import type { EpochMs } from '@deskpulse/core/time'
import type { Timer } from '@deskpulse/stream'
import type { Answer, Channel, OutRequest, Verdict } from '../channels/channel.ts'
import type { Sender } from '../sending/sender.ts'
import type { AttemptEnd } from './attempts.ts'
import type { DeliveryTelemetry } from './context.ts'
import { fitDetail } from './detail.ts'
import type { Request } from './endpoint.ts'
import type { Outcome } from './outcome.ts'

/** The requests under way, and the outcomes that are not yet taken to be written. */
export type Requests = {
  /** Begins it at once. After `stop`: it ends unsent. */
  send(request: Request): void
  /** Takes all that has ended. */
  ended(): readonly Outcome[]
  /** When what has ended is to be written: outcomes that come close together are written together. `Infinity`: nothing has. */
  writeAtMs(): number
  /** Lets answers come for `graceMs`, then breaks the rest off; resolves when all have ended, and at the latest after twice that time. */
  stop(graceMs: number): Promise<void>
}

export type RequestsOptions = {
  readonly sender: Sender
  readonly nowMs: () => EpochMs
  readonly timer: Timer
  readonly telemetry: Pick<DeliveryTelemetry, 'attempted'>
  readonly gatherMs: number
  readonly onEnd: () => void
}

export function openRequests(options: RequestsOptions): Requests {
  const { nowMs, timer, telemetry, gatherMs, onEnd } = options
  const breakOff = new AbortController()
  const underWay = new Set<Promise<void>>()
  let outcomes: Outcome[] = []
  let firstEndedMs = 0
  let isStopped = false

  function add(outcome: Outcome): void {
    if (outcomes.length === 0) firstEndedMs = nowMs()
    outcomes.push(outcome)
  }

  async function follow(request: Request): Promise<void> {
    const outcome = await attempt(request, options, breakOff.signal)
    const { endpoint, beganMs, endedMs, end } = outcome
    const { kind } = request.target.config
    const { outcome: how, reason } = end
    const tookMs = endedMs - beganMs
    telemetry.attempted({ endpoint: endpoint.name, kind, outcome: how, reason, tookMs })
    add(outcome)
  }

  return {
    send(request) {
      if (isStopped) return add(unsent(request, nowMs()))
      const followed = follow(request).then(() => {
        underWay.delete(followed)
        onEnd()
      })
      underWay.add(followed)
    },
    ended() {
      const taken = outcomes
      outcomes = []
      return taken
    },
    writeAtMs() {
      if (outcomes.length === 0) return Infinity
      return underWay.size === 0 ? nowMs() : firstEndedMs + gatherMs
    },
    async stop(graceMs) {
      isStopped = true
      await within(timer, graceMs, Promise.all(underWay))
      breakOff.abort()
      await within(timer, graceMs, Promise.all(underWay))
    },
  }
}

/** Resolves when `done` does, and at the latest after so long. */
export function within(timer: Timer, ms: number, done: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const callOff = timer.after(ms, resolve)
    done.finally(callOff).then(() => resolve(), reject)
  })
}

type Attempting = Pick<RequestsOptions, 'sender' | 'nowMs'>

/**
 * Sends one message and hears the answer. Never rejects: a message that its channel cannot form, or
 * an answer that it cannot read, is a failed attempt as well, and harms no other.
 */
async function attempt(
  request: Request,
  options: Attempting,
  signal: AbortSignal,
): Promise<Outcome> {
  const { endpoint, target, message } = request
  const beganMs = options.nowMs()
  endpoint.lastBeganMs = beganMs
  const { end, afterMs } = await answered(request, options, signal)
  const detail = end.detail === null ? null : fitDetail(end.detail, target.config)
  const endedMs = options.nowMs()
  return { endpoint, message, beganMs, endedMs, end: { ...end, detail }, afterMs }
}

type Ended = { readonly end: AttemptEnd; readonly afterMs?: number }

async function answered(
  request: Request,
  { sender, nowMs }: Attempting,
  signal: AbortSignal,
): Promise<Ended> {
  const formed = formedOf(request, nowMs())
  if ('end' in formed) return formed
  const sent = await sender.send(formed, signal)
  if (sent.kind === 'answered') return judged(request.target.channel, sent.answer, nowMs())
  const outcome = sent.reason === 'stopped' ? 'stopped' : 'failed'
  return { end: { outcome, httpStatus: null, reason: sent.reason, detail: sent.detail } }
}

function formedOf({ target, message, notices }: Request, nowMs: EpochMs): OutRequest | Ended {
  try {
    return target.channel.request(target.config, { id: message.id, notices }, nowMs)
  } catch (error) {
    return failed('not-formed', error, null)
  }
}

function judged(channel: Channel, answer: Answer, nowMs: EpochMs): Ended {
  try {
    return endOf(channel.judge(answer, nowMs), answer.status)
  } catch (error) {
    return failed('not-understood', error, answer.status)
  }
}

const failed = (reason: string, error: unknown, httpStatus: number | null): Ended => ({
  end: { outcome: 'failed', httpStatus, reason, detail: String(error) },
})

function endOf(verdict: Verdict, httpStatus: number): Ended {
  switch (verdict.kind) {
    case 'accepted':
      return { end: { outcome: 'accepted', httpStatus, reason: null, detail: null } }
    case 'refused': {
      const { reason, detail, afterMs } = verdict
      return { end: { outcome: 'refused', httpStatus, reason, detail }, afterMs }
    }
    case 'gone':
      return { end: { outcome: 'gone', httpStatus, reason: 'gone', detail: verdict.detail } }
  }
}

/** The outcome of a request that was about to be sent when the process ended: nothing was sent. */
function unsent({ endpoint, message }: Request, nowMs: EpochMs): Outcome {
  const stopped = {
    outcome: 'stopped',
    httpStatus: null,
    reason: 'not-sent',
    detail: null,
  } as const
  return { endpoint, message, beganMs: nowMs, endedMs: nowMs, end: stopped }
}
