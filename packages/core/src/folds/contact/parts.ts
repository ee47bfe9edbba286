import type { EpochMs } from '../../time/time.ts'
import { pendingFrom } from './clocks.ts'
import { currentCredit, type ContactContext } from './context.ts'
import { beginWrapUp, disengageOwner, engageOwner, partOf } from './engagement.ts'
import { start } from './elapsed.ts'
import { react } from './escalations.ts'
import { placeIn } from './ends.ts'
import { acceptOffer, creditOfferLate, withdrawOffers } from './offers.ts'
import { tellEntry } from './passes.ts'
import { limitOf, owe } from './response.ts'
import { countsAsHumanWork, countsAsRequest, type ContactState, type Credited } from './state.ts'
import { endQueueWait } from './waits.ts'

/** Enters a queue. A call that waits waits there. `reason`: why it comes, if that was told. */
export function enterQueue(
  context: ContactContext,
  queue: string,
  reason: string | undefined,
  atMs: EpochMs,
): void {
  const { state } = context
  const same = state.queue === queue
  const isToldLate = wasJustAssignedFrom(context, queue, atMs)
  if (!same && state.queue !== null) withdrawOffers(context, atMs)
  placeIn(state, queue)
  if (isToldLate) return tellQueueLate(context, queue)
  if (state.class !== 'voice' || state.phase !== 'open') return
  state.isForNext = true
  if (!same || state.queueWait === null || state.lost) startQueueWait(context, atMs, reason)
}

/** Two clocks: the queue that a contact was assigned from is told just after the assignment, with nothing between. It is no new stay. */
function wasJustAssignedFrom(
  { state, config }: ContactContext,
  queue: string,
  atMs: EpochMs,
): boolean {
  const { justAssigned } = state
  if (justAssigned === null || atMs - justAssigned.atMs > config.clockSkewMs) return false
  return justAssigned.queue === null || justAssigned.queue === queue
}

function tellQueueLate(context: ContactContext, queue: string): void {
  const { state } = context
  const { assignment, started, answer, justAssigned } = state
  if (justAssigned?.queue === null) tellPassLate(context, justAssigned.atMs)
  if (assignment?.queue === null && justAssigned?.isNew === true)
    state.assignment = { ...assignment, queue }
  if (started?.queue === null && justAssigned?.isStart === true)
    state.started = { ...started, queue }
  if (answer?.queue === null && justAssigned?.isAnswer === true) state.answer = { ...answer, queue }
  if (justAssigned?.offer !== undefined) creditOfferLate(context, justAssigned.offer, queue)
}

/** A call waits for an agent: from its queue, else from its opening. A stay in another queue ends. */
export function startQueueWait(context: ContactContext, atMs: EpochMs, reason?: string): void {
  const { state, config } = context
  endQueueWait(context, atMs, { how: 'queued', reason })
  const queue = countsAsRequest(state) ? state.queue : null
  state.queueWait = {
    ordinal: state.queueWaitCount,
    sinceMs: atMs,
    lostAtMs: (atMs + config.waitMaxMs[state.class]) as EpochMs,
    queue,
    dueMs: (atMs + limitOf(config, state, 'firstResponseMs')) as EpochMs,
    missed: false,
    pending: queue === null ? [] : pendingFrom(atMs, config.thresholdsSeconds),
  }
  state.queueWaitCount += 1
  tellEntry(context, state.queueWait)
}

/** The agent took the call from that queue: a pass that was over as soon as it is known of. */
function tellPassLate(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (state.class !== 'voice' || state.phase !== 'open') return
  startQueueWait(context, atMs)
  endQueueWait(context, atMs, { how: 'answered', agent: state.owner })
}

/** An agent owns the contact; the previous owner's part ends. */
export function assign(
  context: ContactContext,
  agentId: string,
  queue: string | undefined,
  atMs: EpochMs,
): void {
  const { state } = context
  if (queue !== undefined) placeIn(state, queue)
  endQueueWait(context, atMs, { how: 'answered', agent: agentId })
  if (state.phase === 'open') state.isForNext = false
  const isNew = state.owner !== agentId
  const taken = { atMs, queue: state.queue, agent: agentId }
  const isStart = start(context, taken)
  const isAnswer = state.class === 'voice' && markAnswered(state, taken)
  react(context, agentId, atMs)
  const before = isNew ? null : state.justAssigned
  if (isNew) {
    endOwnersPart(context, atMs)
    state.owner = agentId
    state.assignment = taken
    if (state.phase === 'open' || state.class === 'voice') engageOwner(context, atMs)
  } else if (!state.engaged && state.phase === 'open') engageOwner(context, atMs)
  partOf(state, agentId).wasOwner = true
  const offer = acceptOffer(context, agentId, atMs) ?? before?.offer
  state.justAssigned = {
    atMs,
    queue: state.queue,
    isNew: isNew || before?.isNew === true,
    isStart: isStart || before?.isStart === true,
    isAnswer: isAnswer || before?.isAnswer === true,
    offer,
  }
}

/** A human answers. @returns whether that is the first answer since the contact is somebody's request. */
export function markAnswered(state: ContactState, answer: Credited): boolean {
  state.answered = true
  if (state.answer !== null || !countsAsRequest(state)) return false
  state.answer = answer
  return true
}

/** Released, unassigned, reassigned or passed on: the owner has no more to do with it. */
export function endOwnersPart(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (state.owner === null) return
  handle(context, atMs)
  disengageOwner(context, atMs)
  if (state.class === 'voice') state.lastHuman = state.owner
  state.owner = null
}

/** An agent's part ends: the owner's, unless another one is named; without an owner, that of whoever answered. */
export function endPart(context: ContactContext, atMs: EpochMs, agentId?: string): void {
  const { owner } = context.state
  if (owner === null || (agentId !== undefined && agentId !== owner))
    handle(context, atMs, { agentId })
  else endOwnersPart(context, atMs)
}

/**
 * The contact is passed on, and not only asked about: the owner's part ends, unless it comes from another agent, whose part was over by then. What a bot passes
 * on alone is no transfer.
 */
export function transfer(
  context: ContactContext,
  fromAgentId: string | undefined,
  atMs: EpochMs,
): void {
  const { state } = context
  if (countsAsHumanWork(state)) state.transferred = true
  if (state.owner === null || (fromAgentId ?? state.owner) !== state.owner) return
  beginWrapUp(context, atMs)
  endOwnersPart(context, atMs)
}

/** `closing`: resolved or closed. `agentId`: whose part ends, where the event says it; else the owner's. */
export type PartEnd = { readonly closing?: boolean; readonly agentId?: string }

/**
 * A human part ends: an answered contact is handled, once in all and once per agent. Without any message event the assignment was
 * the answer; closing answers by itself, as somebody must have done it.
 */
export function handle(
  context: ContactContext,
  atMs: EpochMs,
  { closing = false, agentId }: PartEnd = {},
): void {
  const { state } = context
  if (!countsAsHumanWork(state)) return
  if (
    !state.answered &&
    !state.hasMessages &&
    state.class !== 'voice' &&
    (state.assignment !== null || closing)
  ) {
    markAnswered(state, state.assignment ?? { atMs, ...currentCredit(state) })
  }
  if (!state.answered) return
  const agent = agentId ?? state.owner ?? state.lastHuman ?? 'none'
  if (agent === 'none' && state.handled) return // Nobody's part is left.
  const part = partOf(state, agent)
  if (part.handled !== null) return
  part.handled = { atMs, queue: (state.assignment ?? state).queue, isFirst: !state.handled }
  state.handled = true
}

/** From the bot to humans: a reply is owed from here on, and its answer is the first response (semantics 7). */
export function handToHumans(context: ContactContext, atMs: EpochMs): void {
  context.state.handledBy = 'human'
  owe(context, atMs)
}
