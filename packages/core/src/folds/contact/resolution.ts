import type { EpochMs } from '../../time/time.ts'
import { timesBetween } from './clocks.ts'
import { creditOf, putRow, type ContactContext, type Credit } from './context.ts'
import { disengageOwner, engageOwner } from './engagement.ts'
import { handle } from './parts.ts'
import { resumeReopened } from './resolving.ts'
import { overWhileWaiting } from './passes.ts'
import { cancelOwed } from './response.ts'
import { endSession } from './session-waits.ts'
import { countsAsRequest, isWithBotAlone, windowEndMs, type Phase } from './state.ts'
import { endQueueWait } from './waits.ts'

/** `contact.resolved`: each counts as a resolution event, the first one as the contact's resolution. */
export function resolve(context: ContactContext, atMs: EpochMs, agentId: string | undefined): void {
  const { state } = context
  finish(context, 'resolved', atMs)
  if (state.overByRelease !== null) context.rows.remove(`resolution/${state.overByRelease.ordinal}`) // The event says the same.
  state.overByRelease = null // Said so, it stands.
  if (isWithBotAlone(state)) return // Without a human part a contact counts only in contacts_opened and the bot KPIs.
  putResolution(context, atMs, resolutionCredit(context, agentId))
}

/** Where a release resolves (configuration, by class): it is the last one, unless the call goes on. */
export function resolveByRelease(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  end(context, 'resolved', atMs) // The part that the release ends was handled with it.
  state.overByRelease = { first: state.firstResolution === null, ordinal: state.resolutions }
  putResolution(context, atMs, resolutionCredit(context, undefined))
}

/** Archived. It resolves where configuration says so, by class. */
export function close(context: ContactContext, atMs: EpochMs): void {
  const { state, config } = context
  finish(context, 'closed', atMs)
  state.overByRelease = null
  if (config.resolvedBy[state.class] !== 'close' || isWithBotAlone(state) || state.resolved) return
  putResolution(context, atMs, resolutionCredit(context, undefined))
}

/** The call goes on after a release: it was not the last one. */
export function takeBackRelease(context: ContactContext): void {
  const { state, rows } = context
  if (state.overByRelease === null) return
  rows.remove(`resolution/${state.overByRelease.ordinal}`)
  state.resolved = false
  if (state.overByRelease.first) state.firstResolution = null
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
  state.phase = 'open'
  state.overSinceMs = null
  state.overByRelease = null
  state.thanksSinceMs = null
  state.leftUnanswered = false
  state.resolved = false
  if (!isWithBotAlone(state)) {
    const credit = creditOf(state, { queue: state.queue, agent: state.owner ?? state.lastHuman })
    putRow(context, { grain: 'reopening', ordinal: state.reopenings, reopened: { atMs, credit } })
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
  resolveFirst(context, atMs, credit)
}

function resolveFirst(context: ContactContext, atMs: EpochMs, credit: Credit): void {
  const { state, config } = context
  if (state.firstResolution !== null || state.requestedMs === null) return
  const times = timesBetween(context, { ...state.resolving!, sinceMs: state.requestedMs }, atMs)
  const isBusiness = state.resolving!.clock === 'business'
  const eligible = state.explicit && state.inbound && state.openedBy === 'customer' && state.handled
  state.firstResolution = {
    atMs,
    queue: credit.queue ?? 'none',
    agent: credit.agent ?? 'none',
    topic: state.attributes.topic,
    eligible,
    afterMs: isBusiness ? times.business : times.calendar,
    otherAfterMs: isBusiness ? times.calendar : times.business,
    windowMs: config.fcrWindowMs,
    reopened: false,
    reopenedByCustomer: false,
  }
}
