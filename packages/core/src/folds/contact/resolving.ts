import type { Deadline, Moment } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { clockOf, instantAfter, outsideAt, timesBetween } from './clocks.ts'
import { creditOf, currentCredit, type ContactContext } from './context.ts'
import { limitOf } from './response.ts'
import { pendFromRequest } from './elapsed.ts'
import { isWithBotAlone, type ContactState, type Resolving } from './state.ts'

/** From here on the contact is somebody's request, and to be resolved by its limit, which is fixed here. `priority`: as the opening says. */
export function request(context: ContactContext, atMs: EpochMs, priority?: string): void {
  const { state, config } = context
  state.requestedMs = atMs
  state.outside = outsideAt(context, atMs)
  const { class: channelClass, channel, queue, attributes } = state
  const described = { class: channelClass, channel, queue, attributes: { priority, ...attributes } }
  const limitMs = state.offline ? null : limitOf(config, described, 'resolutionMs')
  const begun = {
    clock: clockOf(context),
    queue,
    sinceMs: atMs,
    limitMs,
    leftMs: limitMs,
    missed: null,
    isOver: false,
  }
  state.resolving = { ...begun, dueMs: dueAfter(context, begun), dueAfterMs: limitMs }
  pendFromRequest(context, atMs)
}

type Running = Pick<Resolving, 'clock' | 'queue' | 'sinceMs' | 'leftMs'>

function dueAfter(context: ContactContext, running: Running): EpochMs | null {
  const { clock, leftMs } = running
  return leftMs === null ? null : instantAfter(context, clock, running, leftMs)
}

/** `contact.pended`: the limit stands still, where configuration says so. */
export function pend(context: ContactContext, atMs: EpochMs): void {
  const { state, config } = context
  const { resolving } = state
  if (resolving === null || !config.pendedPauses[state.class]) return
  if (isPast(resolving, atMs)) passUnseen(state)
  else if (isRunning(resolving)) {
    const usedMs = timesBetween(context, resolving, atMs)[resolving.clock]
    const leftMs = Math.max(0, resolving.leftMs! - usedMs)
    state.resolving = { ...resolving, leftMs, dueMs: null, dueAfterMs: null }
  }
}

/** `contact.resumed`, or a reopening: it runs on. */
export function resume(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  const { resolving } = state
  if (resolving === null || resolving.leftMs === null || resolving.dueMs !== null) return
  const running = { ...resolving, sinceMs: atMs }
  const sinceRequest = { ...resolving, sinceMs: state.requestedMs! }
  const pausedAfterMs = timesBetween(context, sinceRequest, atMs)[resolving.clock]
  state.resolving = {
    ...running,
    dueMs: dueAfter(context, running),
    dueAfterMs: pausedAfterMs + resolving.leftMs,
  }
}

/** The contact is open again: a limit that passed while it was over has passed for good. */
export function resumeReopened(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (state.resolving !== null && isPast(state.resolving, atMs)) passUnseen(state)
  resume(context, atMs)
}

/** It passed while the contact was over: no timer ran. */
function passUnseen(state: ContactState): void {
  if (state.firstResolution === null) state.resolving = { ...state.resolving!, isOver: true }
}

/** A bot had the contact all along: what passed meanwhile nobody missed. */
export function forgetMissed(state: ContactState): void {
  if (state.resolving?.missed) state.resolving = { ...state.resolving, missed: null, isOver: true }
}

const isRunning = ({ dueMs, missed, isOver }: Resolving): boolean =>
  dueMs !== null && missed === null && !isOver

const isPast = (resolving: Resolving, atMs: EpochMs): boolean =>
  isRunning(resolving) && resolving.dueMs! < atMs

/** When its limit passes; `null`: never, as it is over or resolved. A call that its release resolved may still go on. */
export function nextResolutionDueMs({
  resolving,
  phase,
  firstResolution,
  overByRelease,
}: ContactState): EpochMs | null {
  if (resolving === null || !isRunning(resolving)) return null
  const isUnresolved = firstResolution === null ? phase === 'open' : overByRelease !== null
  return isUnresolved ? resolving.dueMs : null
}

/** What passes at `atMs` unresolved is missed, for good; what a bot has alone nobody misses. */
export function passResolutionDue({ state }: ContactContext, atMs: EpochMs): void {
  if (nextResolutionDueMs(state) !== atMs) return
  state.resolving = isWithBotAlone(state)
    ? { ...state.resolving!, isOver: true }
    : { ...state.resolving!, missed: { atMs, ...currentCredit(state) } }
}

/** By the versions that are known by now. */
export function renewResolving(context: ContactContext): void {
  const { resolving } = context.state
  if (resolving !== null && isRunning(resolving))
    context.state.resolving = { ...resolving, dueMs: dueAfter(context, resolving) }
}

/** min(resolution, limit), once that has come; `null`: it has not, or the contact was over without a resolution when the limit passed. */
export function resolutionDue(state: ContactState, resolved: Moment | null): Deadline | null {
  const { resolving } = state
  if (resolving === null || resolving.leftMs === null || resolving.isOver) return null
  const { missed, dueMs } = resolving
  if (resolved !== null && (dueMs === null || resolved.atMs <= dueMs))
    return { atMs: resolved.atMs, credit: resolved.credit, isWithin: true }
  return missed === null
    ? null
    : { atMs: missed.atMs, credit: creditOf(state, missed), isWithin: false }
}
