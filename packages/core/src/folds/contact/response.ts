import type { ResponseLimits, TenantConfig } from '../../config/tenant-config.ts'
import { measures, thresholdMeasures } from '../../measures/measure.ts'
import { secondMs, type EpochMs } from '../../time/time.ts'
import { currentCredit, putFact, type ContactContext, type Credit } from './context.ts'
import { countsAsRequest, type ContactState, type OwedReply } from './state.ts'
import { endOwed, leaveLost } from './waits.ts'

/** The most specific limit of queue + channel + priority, queue + channel, queue, class (semantics 4). */
export function limitOf(config: TenantConfig, state: ContactState, clock: keyof ResponseLimits): number {
  let limit = config.limits[state.class][clock]
  let weight = -1
  for (const override of config.limitOverrides) {
    const value = override[clock]
    if (value === undefined) continue
    const matches =
      (override.queue === undefined || override.queue === state.queue) &&
      (override.channel === undefined || override.channel === state.channel) &&
      (override.priority === undefined || override.priority === state.attributes.priority)
    const itsWeight =
      (override.queue === undefined ? 0 : 4) + (override.channel === undefined ? 0 : 2) + (override.priority === undefined ? 0 : 1)
    if (matches && itsWeight > weight) {
      limit = value
      weight = itsWeight
    }
  }
  return limit
}

/** Opens an owed reply unless one is open: more customer messages meanwhile do not restart it (semantics 6). A lost one is none. Calls and contacts that are over owe none. `sinceMs` may lie before the event that makes it owed. */
export function owe(context: ContactContext, sinceMs: EpochMs): void {
  const { state, config } = context
  if (state.class === 'voice' || state.phase !== 'open' || !countsAsRequest(state)) return
  if (state.lost) leaveLost(state)
  if (state.owed !== null) return
  const first = state.explicit && state.inbound && state.owedCount === 0 && state.reopenings === 0
  state.owed = {
    ordinal: state.owedCount,
    sinceMs,
    lostAtMs: (sinceMs + config.waitMaxMs[state.class]) as EpochMs,
    limitMs: limitOf(config, state, first ? 'firstResponseMs' : 'replyMs'),
    first,
    missed: false,
    pendingSeconds: [...config.thresholdsSeconds].sort((a, b) => a - b),
  }
  state.owedCount += 1
}

/** A public, human, not automatic message answers what is owed; credit to the queue of now and to its writer. */
export function answer(context: ContactContext, atMs: EpochMs, writer: string | null): void {
  const { owed, queue } = context.state
  if (owed === null) return
  const credit: Credit = { queue, agent: writer }
  const waitMs = atMs - owed.sinceMs
  const within = waitMs <= owed.limitMs ? 1 : 0
  putFact(context, replyId(owed, 'time'), measures.replyTime, atMs, waitMs, credit)
  if (within === 1) putFact(context, replyId(owed, 'within'), measures.replyWithin, atMs, 1, credit)
  if (owed.first) {
    putFact(context, replyId(owed, 'first-time'), measures.firstReplyTime, atMs, waitMs, credit)
    if (within === 1) putFact(context, replyId(owed, 'first-within'), measures.firstReplyWithin, atMs, 1, credit)
  }
  if (!owed.missed) becomeDue(context, owed, atMs, 1, credit)
  for (const seconds of owed.pendingSeconds) becomeDueAt(context, owed, seconds, atMs, 1, credit)
  endOwed(context, atMs)
}

/** Abandon, resolve, close, end, discard, or a bot that takes over: before the limit it is neither answered nor missed. */
export function cancelOwed(context: ContactContext, atMs: EpochMs): void {
  const { owed } = context.state
  if (owed === null) return
  if (!owed.missed) putFact(context, replyId(owed, 'cancelled'), measures.replyCancelled, atMs, 1, currentCredit(context.state))
  endOwed(context, atMs)
}

/** The next instant at which the owed reply changes by time alone: its limit or a threshold. */
export function nextDueMs(owed: OwedReply): EpochMs | null {
  const threshold = owed.pendingSeconds[0]
  const thresholdMs = threshold === undefined ? Infinity : owed.sinceMs + threshold * secondMs
  const limitMs = owed.missed ? Infinity : owed.sinceMs + owed.limitMs
  const nextMs = Math.min(thresholdMs, limitMs)
  return nextMs === Infinity ? null : (nextMs as EpochMs)
}

/** What passes at `atMs` unanswered is missed, for good. */
export function passDue(context: ContactContext, atMs: EpochMs): void {
  const { owed } = context.state
  if (owed === null) return
  const credit = currentCredit(context.state)
  if (!owed.missed && owed.sinceMs + owed.limitMs === atMs) {
    owed.missed = true
    becomeDue(context, owed, atMs, 0, credit)
  }
  if (owed.pendingSeconds[0] !== undefined && owed.sinceMs + owed.pendingSeconds[0] * secondMs === atMs) {
    becomeDueAt(context, owed, owed.pendingSeconds[0], atMs, 0, credit)
    owed.pendingSeconds.shift()
  }
}

function becomeDue(context: ContactContext, owed: OwedReply, atMs: EpochMs, within: 0 | 1, credit: Credit): void {
  putFact(context, replyId(owed, 'due'), measures.replyDue, atMs, 1, credit)
  if (within === 1) putFact(context, replyId(owed, 'due-within'), measures.replyDueWithin, atMs, 1, credit)
  if (!owed.first) return
  putFact(context, replyId(owed, 'first-due'), measures.firstReplyDue, atMs, 1, credit)
  if (within === 1) putFact(context, replyId(owed, 'first-due-within'), measures.firstReplyDueWithin, atMs, 1, credit)
}

function becomeDueAt(context: ContactContext, owed: OwedReply, seconds: number, atMs: EpochMs, within: 0 | 1, credit: Credit): void {
  const { due, within: withinMeasure } = thresholdMeasures(seconds)
  putFact(context, replyId(owed, `due-${seconds}s`), due, atMs, 1, credit)
  if (within === 1) putFact(context, replyId(owed, `within-${seconds}s`), withinMeasure, atMs, 1, credit)
}

function replyId(owed: OwedReply, what: string): string {
  return `reply/${owed.ordinal}/${what}`
}
