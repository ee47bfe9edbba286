import type { EpochMs } from '@deskpulse/core'
import type { Timer } from '@deskpulse/stream'
import type { Sender } from '../sending/sender.ts'
import { attempt, unsent } from './attempt.ts'
import type { PostTelemetry } from './context.ts'
import type { Launch } from './endpoint.ts'
import type { Outcome } from './settle.ts'

/** The requests under way, and the outcomes that are not yet taken to be written. */
export type Requests = {
  /** Begins it at once. After `stop`: it ends unsent. */
  send(launch: Launch): void
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
  readonly telemetry: Pick<PostTelemetry, 'attempted'>
  readonly gatherMs: number
  readonly onEnd: () => void
}

export function openRequests({
  sender,
  nowMs,
  timer,
  telemetry,
  gatherMs,
  onEnd,
}: RequestsOptions): Requests {
  const breakOff = new AbortController()
  const underWay = new Set<Promise<void>>()
  let outcomes: Outcome[] = []
  let firstEndedMs = 0
  let isStopped = false

  function end(outcome: Outcome): void {
    if (outcomes.length === 0) firstEndedMs = nowMs()
    outcomes.push(outcome)
  }

  async function follow(launch: Launch): Promise<void> {
    const outcome = await attempt(launch, sender, nowMs, breakOff.signal)
    const { reason, outcome: kindOfEnd } = outcome.end
    const tookMs = outcome.endedMs - outcome.beganMs
    telemetry.attempted({
      endpoint: launch.endpoint.name,
      kind: launch.line.config.kind,
      outcome: kindOfEnd,
      reason,
      tookMs,
    })
    end(outcome)
  }

  return {
    send(launch) {
      if (isStopped) return end(unsent(launch, nowMs()))
      const request = follow(launch).then(() => {
        underWay.delete(request)
        onEnd()
      })
      underWay.add(request)
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
