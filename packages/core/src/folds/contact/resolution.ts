import type { EpochMs } from '../../time/time.ts'
import { creditOf, putRow, type ContactContext, type Credit } from './context.ts'
import { elapsedSince, endPend, requestOf } from './elapsed.ts'
import { disengageOwner, engageOwner } from './engagement.ts'
import { handle } from './parts.ts'
import { resumeReopened } from './resolving.ts'
import { overWhileWaiting } from './passes.ts'
import { cancelOwed } from './response.ts'
import { endSession } from './session-waits.ts'
import {
  countsAsRequest,
  isWithBotAlone,
  windowEndMs,
  type ContactState,
  type Phase,
} from './state.ts'
import { endQueueWait } from './waits.ts'

/** `contact.resolved`: each counts as a resolution event, the first one as the contact's resolution. */
export function resolve(context: ContactContext, atMs: EpochMs, agentId: string | undefined): void {
  const { state } = context
  finish(context, 'resolved', atMs)
  if (state.overByRelease !== null) context.rows.remove(`resolution/${state.overByRelease.ordinal}`) // The event says the same.
  state.overByRelease = null // Said so, it stands.
  // Without a human part a contact counts only in contacts_opened and the bot KPIs.
  if (!isWithBotAlone(state)) putResolution(context, atMs, resolutionCredit(context, agentId))
  endPend(context, atMs)
}

/** Where a release resolves (configuration, by class): it is the last one, unless the call goes on. */
export function resolveByRelease(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  end(context, 'resolved', atMs) // The part that the release ends was handled with it.
  state.overByRelease = {
    first: state.firstResolution === null,
    last: state.lastResolution,
    ordinal: state.resolutions,
  }
  putResolution(context, atMs, resolutionCredit(context, undefined))
}

/** Archived. It resolves where configuration says so, by class; else a contact that was never resolved was not solved. */
export function close(context: ContactContext, atMs: EpochMs): void {
  const { state, config } = context
  finish(context, 'closed', atMs)
  state.overByRelease = null
  const credit = resolutionCredit(context, undefined)
  const resolves = config.resolvedBy[state.class] === 'close'
  if (resolves && !isWithBotAlone(state) && !state.resolved) putResolution(context, atMs, credit)
  if (resolves) endPend(context, atMs)
  if (state.firstResolution !== null || state.closedUnresolved !== null || !isForFcr(state)) return
  state.closedUnresolved = { atMs, ...credit, topic: state.attributes.topic }
}

/** The call goes on after a release: it was not the last one. */
export function takeBackRelease(context: ContactContext): void {
  const { state, rows } = context
  if (state.overByRelease === null) return
  rows.remove(`resolution/${state.overByRelease.ordinal}`)
  state.resolved = false
  if (state.overByRelease.first) state.firstResolution = null
  state.lastResolution = state.overByRelease.last
  state.overByRelease = null
  state.phase = 'open'
  state.overSinceMs = null
}

/** Ignored while open. Within the window after the first resolution that did not hold; if it is by the customer, it was no resolution at first contact. */
export function reopen(
  context: ContactContext,
  atMs: EpochMs,
  by: 'customer' | 'agent' | 'system',
): void {
  const { state } = context
  if (state.phase === 'open') return
  resumeReopened(context, atMs)
  endPend(context, atMs)
  state.phase = 'open'
  state.overSinceMs = null
  state.overByRelease = null
  state.thanksSinceMs = null
  state.leftUnanswered = false
  state.resolved = false
  if (!isWithBotAlone(state)) {
    const credit = creditOf(state, { queue: state.queue, agent: state.owner ?? state.lastHuman })
    putRow(context, { grain: 'reopening', ordinal: state.reopenings, reopened: { atMs, credit } })
    state.isReopened = true
  }
  state.reopenings += 1
  const first = state.firstResolution
  if (first !== null && atMs <= windowEndMs(first)) {
    first.reopened = true
    if (by === 'customer') first.reopenedByCustomer = true
  }
  engageOwner(context, atMs)
}

/** The contact is over, and with it a human part where it is resolved, closed, or abandoned by who had an agent. */
export function finish(
  context: ContactContext,
  phase: Exclude<Phase, 'open'>,
  atMs: EpochMs,
): void {
  const closing = phase === 'resolved' || phase === 'closed'
  if (closing || (phase === 'abandoned' && context.state.assignment !== null))
    handle(context, atMs, { closing })
  end(context, phase, atMs)
}

/** Nothing is owed any more, and nobody waits. */
function end(context: ContactContext, phase: Exclude<Phase, 'open'>, atMs: EpochMs): void {
  const { state } = context
  cancelOwed(context, atMs)
  if (phase !== 'ended') endSession(context, atMs)
  endQueueWait(context, atMs, overWhileWaiting)
  state.thanksSinceMs = null
  if (state.class !== 'voice') disengageOwner(context, atMs) // A call lasts until its release.
  if (state.phase === 'open') {
    state.overSinceMs = atMs
    state.leftUnanswered = phase === 'abandoned' || (phase === 'ended' && !state.answered)
  }
  if (state.phase === 'open' || phase === 'resolved') state.phase = phase
}

function resolutionCredit(context: ContactContext, agentId: string | undefined): Credit {
  const { queue, owner, lastHuman } = context.state
  return { queue, agent: agentId ?? owner ?? lastHuman }
}

/** First-contact resolution is of contacts that customers opened and humans handled. */
const isForFcr = ({ explicit, inbound, openedBy, handled }: ContactState): boolean =>
  explicit && inbound && openedBy === 'customer' && handled

/** Each resolution counts as one; the first is the contact's. */
function putResolution(context: ContactContext, atMs: EpochMs, credit: Credit): void {
  const { state } = context
  if (!countsAsRequest(state)) return
  putRow(context, {
    grain: 'resolution',
    ordinal: state.resolutions,
    resolved: { atMs, credit: creditOf(state, credit) },
  })
  state.resolutions += 1
  state.resolved = true
  if (state.firstResolution === null) resolveFirst(context, atMs, credit)
  else state.lastResolution = { atMs, ...credit, ...elapsedSince(context, requestOf(state), atMs) }
}

function resolveFirst(context: ContactContext, atMs: EpochMs, credit: Credit): void {
  const { state, config } = context
  state.firstResolution = {
    atMs,
    queue: credit.queue ?? 'none',
    agent: credit.agent ?? 'none',
    topic: state.attributes.topic,
    eligible: isForFcr(state),
    ...elapsedSince(context, requestOf(state), atMs),
    fromStart: state.started === null ? null : elapsedSince(context, state.started, atMs),
    isFirstLevel: !state.transferred && state.escalations === 0,
    windowMs: config.fcrWindowMs,
    reopened: false,
    reopenedByCustomer: false,
  }
}
