import type { EpochMs } from '@deskpulse/core/time'
import type { Endpoint, OpenMessage } from './endpoint.ts'
import { isProbed } from './health.ts'
import { deliveryLimits, retryLimits } from './limits.ts'
import { gravity } from './notice-ref.ts'
import type { RenewedAlert } from './renewed-alerts.ts'
import type { Waiting } from './waiting-queue.ts'

/** A request that may begin now: of an open message, of a new message of what waits, or of a renewal. */
export type Begin =
  | { readonly kind: 'again'; readonly message: OpenMessage }
  | { readonly kind: 'fresh'; readonly waiting: readonly Waiting[] }
  | { readonly kind: 'renew'; readonly alerts: readonly RenewedAlert[] }

export type Plan = {
  /** In this order; empty: nothing now. */
  readonly begins: readonly Begin[]
  /** When to look again if nothing else happens; `null`: when something comes or ends. */
  readonly nextMs: EpochMs | null
}

/**
 * What an endpoint is sent next. What a person asked for goes first and waits for the channel's gap alone; then, unless the endpoint is disabled or
 * held, what is due: the gravest first, of those the oldest; renewals go last. One request at a time while it is being probed, and then what was never tried first: a
 * message that alone is refused must not stand for the endpoint. No two requests under way are about one alert.
 */
export function planOf(endpoint: Endpoint, nowMs: EpochMs): Plan {
  const { target } = endpoint
  if (target === null) return { begins: [], nextMs: null }
  const { parallel, gapMs } = target.channel
  forgiveClock(endpoint, nowMs)
  const wanted = wantedNow(endpoint, nowMs)
  if (wanted.begins.length === 0) return wanted
  const gapEndsMs = endpoint.lastBeganMs === null ? 0 : endpoint.lastBeganMs + gapMs
  if (gapEndsMs > nowMs) return { begins: [], nextMs: gapEndsMs as EpochMs }
  const slots = Math.min(parallel - endpoint.underWay, gapMs > 0 ? 1 : Infinity)
  return { begins: wanted.begins.slice(0, Math.max(0, slots)), nextMs: wanted.nextMs }
}

/** What would begin if the gap and the slots allowed it, and when more would. */
function wantedNow(endpoint: Endpoint, nowMs: EpochMs): Plan {
  const { health, open, renewed } = endpoint
  const { parallel } = endpoint.target!.channel
  const begins: Begin[] = []
  const alerts = new Set(endpoint.busy)
  const claim = (message: OpenMessage): void => {
    if (message.refs.some(({ alertId }) => alerts.has(alertId))) return
    for (const { alertId } of message.refs) alerts.add(alertId)
    begins.push({ kind: 'again', message })
  }

  const idle = [...open.values()].filter(({ underWay }) => !underWay)
  for (const message of idle) if (message.asked) claim(message)
  if (health.state === 'disabled') return { begins, nextMs: null }
  const free = idle.filter((message) => !message.asked && !endpoint.isBusy(message))
  const canBeFresh = freeInTurn(endpoint, nowMs).peek() !== undefined
  if (health.holdUntilMs > nowMs)
    return {
      begins,
      nextMs: free.length > 0 || canBeFresh || renewed.size > 0 ? health.holdUntilMs : null,
    }

  const due = free
    .filter(({ dueMs }) => dueMs <= nowMs)
    .toSorted((a, b) => b.gravity - a.gravity || a.turn - b.turn)
  const laterMs = free.reduce(
    (earliestMs, { dueMs }) => (dueMs > nowMs ? Math.min(earliestMs, dueMs) : earliestMs),
    Infinity,
  )
  const renewals = renewalsOf(endpoint, nowMs)
  if (!isProbed(health)) {
    addInTurn(endpoint, due, claim, begins, nowMs)
    begins.push(...renewals.begins.slice(0, Math.max(0, parallel - begins.length)))
  } else if (endpoint.underWay === 0 && begins.length === 0) {
    const fresh = nextFresh(endpoint, freeInTurn(endpoint, nowMs))
    if (fresh !== null) begins.push(fresh)
    else if (due.length > 0)
      claim(
        due.toSorted(
          (a, b) => a.attempts - b.attempts || b.gravity - a.gravity || a.turn - b.turn,
        )[0]!,
      )
    else begins.push(...renewals.begins.slice(0, 1))
  }
  const gatheredMs = endpoint.gatherUntilMs > nowMs ? endpoint.gatherUntilMs : Infinity
  const nextMs = Math.min(laterMs, renewals.nextMs, gatheredMs)
  return { begins, nextMs: nextMs === Infinity ? null : (nextMs as EpochMs) }
}

/** As many as could begin at once, by gravity and age, whether they were tried before or not. */
function addInTurn(
  endpoint: Endpoint,
  due: readonly OpenMessage[],
  claim: (message: OpenMessage) => void,
  begins: Begin[],
  nowMs: EpochMs,
): void {
  const waiting = freeInTurn(endpoint, nowMs)
  const again = [...due]
  while (begins.length < endpoint.target!.channel.parallel) {
    const [message] = again
    const first = waiting.peek()
    if (first === undefined && message === undefined) return
    if (message !== undefined && (first === undefined || isBefore(message, first))) {
      claim(message)
      again.shift()
    } else begins.push(nextFresh(endpoint, waiting)!)
  }
}

function isBefore(message: OpenMessage, { ref, seq }: Waiting): boolean {
  const graver = message.gravity - gravity(ref.severity)
  return graver > 0 || (graver === 0 && message.turn < seq)
}

type Turn = {
  peek(): Waiting | undefined
  next(): Waiting | undefined
  /** All of one summary, as many as one message holds: none of it comes again. */
  all(summary: string): readonly Waiting[]
}

/** What waits and no message holds, in its turn; what is still gathered for a summary does not wait for a message yet. */
function freeInTurn(endpoint: Endpoint, nowMs: EpochMs): Turn {
  const { queue, gatherUntilMs } = endpoint
  const turn = queue.inTurn()
  const notified = new Set<string>()
  const isFree = ({ ref }: Waiting): boolean => {
    const summary = endpoint.summaryOf(ref)
    return (
      !endpoint.isHeld(ref.alertId) &&
      (summary === null || (gatherUntilMs <= nowMs && !notified.has(summary)))
    )
  }
  const step = (): Waiting | undefined => {
    for (let at = turn.next(); at.done !== true; at = turn.next())
      if (isFree(at.value)) return at.value
    return undefined
  }
  let ahead = step()
  return {
    peek: () => ahead,
    next() {
      const waiting = ahead
      ahead = step()
      return waiting
    },
    all(summary) {
      const members = [...queue.inTurn()].filter(
        (one) => endpoint.summaryOf(one.ref) === summary && isFree(one),
      )
      notified.add(summary)
      if (ahead !== undefined && !isFree(ahead)) ahead = step()
      return members.slice(0, deliveryLimits.summarisedMax)
    },
  }
}

/** One summary, or as many as one message holds of what is told by itself. */
function nextFresh(endpoint: Endpoint, turn: Turn): Begin | null {
  const waiting: Waiting[] = []
  for (let one = turn.peek(); one !== undefined; one = turn.peek()) {
    const summary = endpoint.summaryOf(one.ref)
    if (summary !== null && waiting.length > 0) break
    if (summary !== null) return { kind: 'fresh', waiting: turn.all(summary) }
    waiting.push(turn.next()!)
    if (waiting.length === endpoint.target!.channel.noticesMax) break
  }
  return waiting.length === 0 ? null : { kind: 'fresh', waiting }
}

/** Renewals that are due, as many as could begin at once. `nextMs`: when more are; `Infinity`: when something ends. */
function renewalsOf(
  endpoint: Endpoint,
  nowMs: EpochMs,
): { readonly begins: readonly Begin[]; readonly nextMs: number } {
  const { renewMs, noticesMax, parallel } = endpoint.target!.channel
  const due: RenewedAlert[] = []
  let nextMs = Infinity
  for (const alert of endpoint.renewed.inTurn()) {
    if (renewMs === undefined || due.length === parallel * noticesMax) break
    if (isSpokenOf(endpoint, alert)) continue
    nextMs = alert.renewedMs + renewMs
    if (nextMs > nowMs) break
    due.push(alert)
    nextMs = Infinity
  }
  const begins: Begin[] = []
  for (let at = 0; at < due.length; at += noticesMax)
    begins.push({ kind: 'renew', alerts: due.slice(at, at + noticesMax) })
  return { begins, nextMs }
}

/** Whether a newer state of the alert waits, or a message holds it. */
function isSpokenOf(endpoint: Endpoint, { ref: { alertId } }: RenewedAlert): boolean {
  return endpoint.isHeld(alertId) || endpoint.queue.get(alertId) !== undefined
}

/** A clock that was put back must not hold an endpoint for longer than it ever may be. */
function forgiveClock(endpoint: Endpoint, nowMs: EpochMs): void {
  const latestMs = (nowMs + retryLimits.askedMaxMs) as EpochMs
  if (endpoint.lastBeganMs !== null && endpoint.lastBeganMs > nowMs) endpoint.lastBeganMs = nowMs
  if (endpoint.health.holdUntilMs > latestMs)
    endpoint.health = { ...endpoint.health, holdUntilMs: latestMs }
  endpoint.gatherUntilMs = Math.min(endpoint.gatherUntilMs, nowMs + deliveryLimits.summaryGatherMs)
  endpoint.renewed.forgiveClock(nowMs)
  for (const message of endpoint.open.values())
    if (message.dueMs > latestMs) message.dueMs = latestMs
}
