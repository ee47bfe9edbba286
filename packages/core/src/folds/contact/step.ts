import { agentsNamed, type CanonicalEvent, type EventData, isSurvey } from '../../events/event.ts'
import { attributeNames } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'
import { humanCredit, restateAttributes, type ContactContext } from './context.ts'
import {
  beginWork,
  beginWrapUp,
  endWork,
  endWrapUp,
  keepEngaged,
  mention,
  partOf,
} from './engagement.ts'
import {
  assign,
  endOwnersPart,
  endPart,
  enterQueue,
  handToHumans,
  markAnswered,
  startQueueWait,
  transfer,
} from './parts.ts'
import { beginPend, endPend, start } from './elapsed.ts'
import { escalate, react } from './escalations.ts'
import { beginEpisode, followBots, mayConcernBots } from './episodes.ts'
import { close, finish, reopen, resolve, resolveByRelease, takeBackRelease } from './resolution.ts'
import { forgetMissed, pend, request, resume } from './resolving.ts'
import { answer, cancelOwed, owe } from './response.ts'
import { endSession, forgetSession } from './session-waits.ts'
import { noteEnd, placeIn } from './ends.ts'
import { decline, forgetOffers, present, withdrawOffers } from './offers.ts'
import { countsAsRequest, type ContactState, type Credited } from './state.ts'
import { noteWritten } from './spells.ts'
import { hangUp, hold, retrieve, tellTotals } from './stays.ts'
import { noteJudged, noteServed } from './served.ts'
import { passSurvey } from './surveys.ts'
import { tellCustomerMessage, tellHumanMessage } from './written.ts'
import { hungUpBy } from './passes.ts'
import { endQueueWait, forgetWaits } from './waits.ts'

/**
 * One event of the timeline. All timers before its instant have been applied (`passTimers`). A survey is about the contact, and nothing that happens to it: it
 * neither begins it nor shows that anybody is there.
 */
export function stepContact(context: ContactContext, event: CanonicalEvent): void {
  const { state } = context
  const { timeMs: atMs, data } = event
  if (isSurvey(event)) return passSurvey(context, event)
  if (state.startedMs === null && hides(event)) return hide(context, event)
  if (state.startedMs === null) begin(context, atMs)
  identify(state, data)
  for (const agentId of agentsNamed(data)) mention(state, agentId, atMs)
  const { justAssigned, overSinceMs, owner, handledBy, phase, reopenings, answered } = state
  noteServed(context, event)
  apply(context, event)
  if (owner !== null && state.owner !== owner) state.lastServed = owner
  noteJudged(context, atMs)
  noteEnd(state, overSinceMs, owner)
  if (mayConcernBots(state, handledBy))
    followBots(context, event, { handledBy, phase, reopenings, answered })
  if (state.justAssigned === justAssigned) state.justAssigned = null // Something came between.
  context.rows.hide(state.discarded)
}

/** Discarded and restored, a contact is as if it had never been: it does not begin with that. */
const hides = ({ type }: CanonicalEvent): boolean =>
  type === 'contact.discarded' || type === 'contact.restored'

function hide({ state, rows }: ContactContext, { type }: CanonicalEvent): void {
  state.discarded = type === 'contact.discarded'
  rows.hide(state.discarded)
}

/** An edit of a message says nothing but that its writer was there: content and visibility are those of the message, at its own time. */
export function stepEdit(context: ContactContext, { timeMs, data }: CanonicalEvent): void {
  const { state } = context
  identify(state, data)
  state.justAssigned = null
  for (const agentId of agentsNamed(data)) mention(state, agentId, timeMs)
}

function apply(context: ContactContext, event: CanonicalEvent): void {
  const { timeMs: atMs, data, type } = event
  const { state } = context
  switch (type) {
    case 'contact.opened':
      if (state.explicit && state.openedMs === null) return open(context, data, atMs)
      return state.session > 1 ? describe(context, data) : undefined // A second opening says nothing new, but of a session that a message began.
    case 'contact.updated':
      return describe(context, data)
    case 'contact.queued':
      takeBackRelease(context)
      state.placed = true
      enterQueue(context, data.queue ?? 'none', data.reason, atMs)
      return leaveBot(context, atMs)
    case 'contact.assigned':
      takeBackRelease(context)
      state.placed = true
      assign(context, data.agentId ?? 'none', data.queue, atMs)
      return leaveBot(context, atMs)
    case 'message.sent':
      return message(context, data, atMs)
    case 'contact.handed_off':
      return handOff(context, data, atMs)
    case 'contact.dequeued':
      if (data.queue !== undefined && data.queue !== state.queue) return // It had left that one before.
      withdrawOffers(context, atMs)
      endQueueWait(context, atMs, { how: 'left', reason: data.reason })
      state.placed = true
      state.queue = null
      return
    case 'contact.unassigned':
      if (data.agentId !== undefined && data.agentId !== state.owner) return // Taken from one agent and given to another at once: it is the other's.
      return endOwnersPart(context, atMs)
    case 'contact.released':
      return release(context, data, atMs)
    case 'contact.ended':
      withdrawOffers(context, atMs)
      return disconnect(context, data, atMs)
    case 'contact.abandoned':
      withdrawOffers(context, atMs)
      endQueueWait(context, atMs, { how: 'abandoned' })
      return state.answered ? leave(context, atMs) : finish(context, 'abandoned', atMs)
    case 'contact.resolved':
      describe(context, data)
      withdrawOffers(context, atMs)
      return resolve(context, atMs, data.agentId)
    case 'contact.reopened':
      return reopenByEvent(context, atMs, data.by ?? 'customer')
    case 'contact.closed':
      withdrawOffers(context, atMs)
      return close(context, atMs)
    case 'contact.discarded':
      state.discarded = true // All the rest goes on unseen: restored, it is as if it had never been.
      return
    case 'contact.restored':
      state.discarded = false
      return
    default:
      return applyWork(context, event)
  }
}

/** What an agent does with the contact that it has. */
function applyWork(context: ContactContext, { timeMs: atMs, data, type }: CanonicalEvent): void {
  switch (type) {
    case 'contact.presented':
      return present(context, data.agentId ?? 'none', atMs)
    case 'contact.declined':
      return decline(context, data.agentId ?? 'none', data.reason, atMs)
    case 'contact.transferred':
      return (data.mode ?? 'cold') === 'cold' || data.mode === 'warm'
        ? transfer(context, data.fromAgentId, atMs)
        : undefined
    case 'contact.escalated':
      return escalate(context, data, atMs)
    case 'contact.work_started':
      return beginWork(context, data.agentId ?? 'none', atMs)
    case 'contact.work_ended':
      return endWork(context, data.agentId ?? 'none', atMs)
    case 'contact.pended':
      beginPend(context, atMs)
      return pend(context, atMs)
    case 'contact.resumed':
      endPend(context, atMs)
      return resume(context, atMs)
    case 'contact.held':
      return hold(context.state, atMs)
    case 'contact.retrieved':
      return retrieve(context.state, atMs)
    case 'contact.wrapped_up':
      return endWrapUp(context, data.agentId ?? 'none', atMs, data.wrapUpMs)
    default:
      return // Nothing that the KPIs of this version read.
  }
}

/**
 * The first event, whatever it is. The opening says what the contact is from here on, wherever it stands; without one the contact was opened by system.
 * A direction that is given wins over who opened it. A queue that a bot's contact is opened with is no hand-off. What the opening of another session of a
 * thread does not say is as in the session before; a message of the customer that begins one opens it.
 */
function begin(context: ContactContext, atMs: EpochMs): void {
  const { state, config, opening } = context
  const {
    openedBy = 'customer',
    direction,
    channel = state.channel,
    queue,
    handledBy,
    offline = false,
  }: EventData = opening?.type === 'contact.opened' ? opening.data : {}
  state.startedMs = atMs
  state.explicit = opening !== null
  state.openedBy = opening === null ? 'system' : openedBy
  state.inbound = direction === undefined ? state.openedBy !== 'agent' : direction === 'inbound'
  state.offline = offline
  state.channel = channel
  state.class =
    (Object.hasOwn(config.channelClasses, channel) ? config.channelClasses[channel] : undefined) ??
    'live'
  if (queue !== undefined) placeIn(state, queue)
  state.handledBy = handledBy ?? (queue === undefined ? 'undecided' : 'human')
  if (state.inbound) request(context, atMs, opening?.data.priority)
  if (state.handledBy === 'bot') beginEpisode(context, atMs)
  if (opening?.type === 'message.sent') open(context, {}, atMs)
}

/** The opening, at its own time: it counts, and enters its queue, unless another event has said before where the contact is. */
function open(context: ContactContext, data: EventData, atMs: EpochMs): void {
  const { state } = context
  state.openedMs = atMs
  describe(context, data)
  if (state.class !== 'voice' || state.phase !== 'open' || state.placed) return
  if (data.queue !== undefined || (state.inbound && state.handledBy !== 'bot'))
    startQueueWait(context, atMs)
}

/** The customer is the first one that the timeline names. */
function identify(state: ContactState, data: EventData): void {
  state.customerId ??= data.customerId ?? null
}

/** Attributes of the whole contact; the last word counts, also for what was contributed before. */
function describe(context: ContactContext, data: EventData): void {
  const { state } = context
  if (data.inAuthority !== undefined) state.beyondAuthority = !data.inAuthority
  let changed = false
  for (const name of attributeNames) {
    const value = data[name]
    if (value === undefined || value === state.attributes[name]) continue
    state.attributes = { ...state.attributes, [name]: value }
    changed = true
  }
  if (changed) restateAttributes(context)
}

function message(context: ContactContext, data: EventData, atMs: EpochMs): void {
  const { state } = context
  const isPublic = data.visibility !== 'private'
  state.hasMessages = true
  switch (data.from) {
    case 'customer':
      customerWrites(context, atMs)
      tellCustomerMessage(context, atMs)
      break
    case 'agent':
      if (state.handledBy === 'undecided') state.handledBy = 'human'
      if (isPublic && data.automatic !== true) humanWrites(context, data.agentId, atMs)
      break
    case 'bot':
      state.hasBotWritten ||= isPublic && data.automatic !== true
      if (state.handledBy === 'undecided') decideBot(context, data.automatic === true)
      break
    default:
      break // System messages answer nothing.
  }
  if (isPublic) keepEngaged(context, atMs)
}

/**
 * Request mode: after the contact is over, a message reopens it once the return gap has passed; an earlier "thank you" owes nothing, unless a
 * reopening follows. Who left without an answer, or was written to first, has nothing to thank for.
 */
function customerWrites(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (state.phase !== 'open') {
    if (mayBeThanks(context, atMs)) {
      state.thanksSinceMs ??= atMs
      return
    }
    reopen(context, atMs, 'customer')
  }
  if (state.requestedMs === null) request(context, atMs)
  if (state.handledBy !== 'bot') owe(context, atMs)
}

function mayBeThanks({ state, config }: ContactContext, atMs: EpochMs): boolean {
  if (state.leftUnanswered || state.requestedMs === null) return false
  return atMs - (state.overSinceMs ?? atMs) <= config.returnGapMs
}

/** A reopening within the return gap shows that the customer's messages since the contact was over were no thanks: the first of them is owed a reply. */
function reopenByEvent(
  context: ContactContext,
  atMs: EpochMs,
  by: 'customer' | 'agent' | 'system',
): void {
  const { state, config } = context
  if (state.phase === 'open') return
  const { thanksSinceMs, overSinceMs } = state
  reopen(context, atMs, by)
  const inGap = atMs - (overSinceMs ?? atMs) <= config.returnGapMs
  if (thanksSinceMs !== null && inGap && state.handledBy !== 'bot') owe(context, thanksSinceMs)
}

function humanWrites(context: ContactContext, agentId: string | undefined, atMs: EpochMs): void {
  const { state } = context
  const writer = agentId ?? state.owner
  state.thanksSinceMs = null
  state.leftUnanswered = false
  if (state.handledBy === 'bot') state.handledBy = 'human' // The human took the contact over without a hand-off.
  if (writer !== null) state.lastHuman = state.lastServed = writer
  const written = { atMs, queue: state.queue, agent: writer }
  start(context, written)
  if (state.class !== 'voice') markAnswered(state, written)
  react(context, writer, atMs)
  answer(context, atMs, writer)
  tellHumanMessage(context, atMs, writer)
  noteWritten(context, atMs, writer)
}

/**
 * The bot's first message decides, unless humans came first: it has had the contact from the opening, so nothing was ever owed, nobody waited, and
 * what seemed to be of humans is taken back without a trace.
 */
function decideBot(context: ContactContext, automatic: boolean): void {
  const { state, rows } = context
  state.handledBy = automatic ? 'human' : 'bot'
  if (automatic) return
  rows.clear()
  for (const part of Object.values(state.agents)) part.handled = null
  forgetWaits(state)
  state.owedCount = 0
  state.isReopened = false
  state.messageCount = 0
  forgetSession(state)
  state.answered = false
  state.answer = null
  state.handled = false
  state.transferred = false
  state.escalations = 0
  state.unreacted = null
  state.resolutions = 0
  state.resolved = false
  state.firstResolution = null
  state.end = null
  forgetOffers(context)
  state.lastResolution = null
  state.closedUnresolved = null
  forgetMissed(state)
}

/** The connection ends. Whose the contact was is known before the part ends. */
function disconnect(context: ContactContext, { by }: EventData, atMs: EpochMs): void {
  const { state, config } = context
  const credit = humanCredit(state)
  const isForNext = waitsForNext(state)
  const resolves = releaseEndsCall(context) && !isForNext
  cancelOwed(context, atMs) // Of whoever has it until now.
  endSession(context, atMs)
  endQueueWait(context, atMs, hungUpBy(by))
  if (by === undefined || by === 'customer') hangUp(state, atMs, config.clockSkewMs)
  if (!isForNext) tellHangUp(state, by, { atMs, ...credit })
  beginWrapUp(context, atMs)
  endPart(context, atMs)
  if (resolves) resolveByRelease(context, atMs)
  else finish(context, 'ended', atMs)
}

/** Which side hung up first, of a call that was answered. */
function tellHangUp(state: ContactState, by: EventData['by'], at: Credited): void {
  const counts = state.class === 'voice' && state.answered && countsAsRequest(state)
  if (state.hungUp !== null || !counts || by === undefined || by === 'system') return
  state.hungUp = { ...at, isByAgent: by === 'agent' }
}

function handOff(context: ContactContext, data: EventData, atMs: EpochMs): void {
  if ((data.to ?? 'human') === 'human') return handToHumans(context, atMs)
  cancelOwed(context, atMs)
  context.state.handledBy = 'bot'
}

/** Queued or assigned: the bot, if one had it, has handed over; if none spoke yet, none has it. */
function leaveBot(context: ContactContext, atMs: EpochMs): void {
  if (context.state.handledBy === 'bot') handToHumans(context, atMs)
  else context.state.handledBy = 'human'
}

/** An agent's conversation ends; of a call it may be the resolution (configuration), unless another agent has the call by now, or it waits for one. */
function release(context: ContactContext, data: EventData, atMs: EpochMs): void {
  const { state } = context
  const { agentId } = data
  const released = agentId ?? state.owner
  const resolves = releaseEndsCall(context) && !waitsForNext(state)
  beginWrapUp(context, atMs, agentId)
  endPart(context, atMs, agentId)
  if (released !== null) tellTotals(state, partOf(state, released), data)
  if (state.owner === null && state.queueWait === null && resolves) resolveByRelease(context, atMs)
}

/** The customer leaves after an answer: as if the agent had released, unless it was for the next one. */
function leave(context: ContactContext, atMs: EpochMs): void {
  const { state, config } = context
  const isForNext = waitsForNext(state)
  hangUp(state, atMs, config.clockSkewMs)
  beginWrapUp(context, atMs)
  endPart(context, atMs)
  if (!releaseEndsCall(context)) return
  if (isForNext) finish(context, 'abandoned', atMs)
  else resolveByRelease(context, atMs)
}

/** Where configuration has it so, the call is over with the last release: resolved, unless it waits for the next agent. */
function releaseEndsCall({ state, config }: ContactContext): boolean {
  return (
    state.class === 'voice' &&
    state.answered &&
    state.phase === 'open' &&
    config.resolvedBy.voice === 'release'
  )
}

/** A call that was passed on, and that nobody has taken since. */
const waitsForNext = ({ isForNext, owner }: ContactState): boolean => isForNext && owner === null
