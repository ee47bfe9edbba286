import type { CanonicalEvent } from '../../events/event.ts'
import type { BotContactRow, BotEpisodeRow, EpisodeEnd, Moment } from '../../subjects/row.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import { creditOf, type ContactContext } from './context.ts'
import type { ContactState } from './state.ts'

/** A reopening so soon after a resolution by a bot shows that it did not hold; then the resolution is old enough to be judged. */
export const botWindowMs = 7 * dayMs

/** A stay of the contact with a bot, as far as it has come. */
export type Episode = {
  readonly ordinal: number
  readonly startMs: EpochMs
  readonly queue: string | null
  readonly isAfterHumans: boolean
  messages: number
  endMs: EpochMs | null
  how: EpisodeEnd | null
  reason: string | null
  /** When it was said to be resolved: at its end, or just after it. */
  resolvedMs: EpochMs | null
  isAnswered: boolean
  isReopened: boolean
  isMature: boolean
}

/** What a contact knows of the bots that had it. While nobody knows who handles it, it is what is true if a bot does, and nothing of it is told. */
export type BotHistory = {
  /** Those that may still change, oldest first: the last one, and those that were resolved and are not mature. */
  episodes: Episode[]
  /** How many there were. */
  begun: number
  /** Where and when the first one began in which a bot was involved. */
  involved: { readonly startMs: EpochMs; readonly queue: string | null } | null
  isHandedOff: boolean
  /** Humans have got it from a bot. */
  isGivenToHumans: boolean
  /** When the contact was last over a bot had it. */
  isOverWithBot: boolean
  /** It may still be said that it was resolved then: nobody else has had it since, and the customer did not abandon it. */
  mayBeResolved: boolean
  /** The queue when it was last over. */
  overQueue: string | null
}

/** How things stood before the event. */
export type Before = Pick<ContactState, 'handledBy' | 'phase' | 'reopenings' | 'answered'>

/** Whether `followBots` has anything to do: most contacts never have to do with a bot. */
export function mayConcernBots(
  { bots, handledBy }: ContactState,
  before: Before['handledBy'],
): boolean {
  return bots !== null || handledBy !== 'human' || before !== 'human'
}

/** A bot has the contact from here on, in this queue. As in `contacts_opened`, outbound contacts, left messages and those without an opening have none. */
export function beginEpisode(
  { state }: ContactContext,
  startMs: EpochMs,
  queue: string | null = state.queue,
): void {
  if (!state.explicit || !state.inbound || state.offline) return
  const bots = (state.bots ??= noBots(state))
  const { handledBy } = state
  bots.mayBeResolved = false
  bots.episodes.push({
    ordinal: bots.begun,
    startMs,
    queue,
    isAfterHumans: handledBy === 'bot' && (bots.isGivenToHumans || hadHumans(state)),
    messages: 0,
    endMs: null,
    how: null,
    reason: null,
    resolvedMs: null,
    isAnswered: false,
    isReopened: false,
    isMature: false,
  })
  bots.begun += 1
}

/** As is known only later. A session of a thread may have left since then the queue that it was begun in. */
function beginAtOpening(context: ContactContext): void {
  const { startedMs, firstQueue } = context.state
  beginEpisode(context, startedMs!, firstQueue)
}

const noBots = ({ queue }: ContactState): BotHistory => ({
  episodes: [],
  begun: 0,
  involved: null,
  isHandedOff: false,
  isGivenToHumans: false,
  isOverWithBot: false,
  mayBeResolved: false,
  overQueue: queue,
})

/** A human had a part in it. */
const hadHumans = ({ assignment, answered, lastHuman }: ContactState): boolean =>
  assignment !== null || answered || lastHuman !== null

/** After the event was applied: what it did to the stays of the contact with bots. */
export function followBots(context: ContactContext, event: CanonicalEvent, before: Before): void {
  const { state } = context
  const { type, timeMs: atMs } = event
  if (before.handledBy === 'undecided') decide(context, event)
  if (state.reopenings !== before.reopenings) reopenWithBot(context, atMs)
  if (type === 'contact.handed_off' && state.handledBy === 'bot') takeOver(context, atMs)
  if (state.handledBy !== 'human') goOn(context, event, before)
  const { bots } = state
  if (bots === null) return
  const last = bots.episodes.at(-1)!
  if (state.handledBy === 'human') passOn(bots, last, event)
  if (before.phase === 'open' && state.phase !== 'open') bots.overQueue = state.queue
  if (isWithHumans(last) && answers(state, event, before)) last.isAnswered = true
  if (isInvolved(last)) bots.involved ??= { startMs: last.startMs, queue: last.queue }
  tell(context, bots)
}

/** It is known by now who has handled it from its opening on. */
function decide(context: ContactContext, { type }: CanonicalEvent): void {
  const { state } = context
  if (state.handledBy === 'undecided') return
  if (state.handledBy === 'human' || type === 'contact.handed_off') state.bots = null
  else if (state.bots === null) beginAtOpening(context)
}

/** By whomever: a bot that had it to the end has it again. */
function reopenWithBot(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  const { bots } = state
  if (bots === null) {
    if (state.handledBy === 'bot') beginEpisode(context, atMs) // It was handed to the bot while it was over.
    return
  }
  const last = bots.episodes.at(-1)!
  if (bots.isOverWithBot && last.resolvedMs !== null && atMs <= last.resolvedMs + botWindowMs)
    last.isReopened = true
  bots.isOverWithBot = false
  bots.mayBeResolved = false
  if (state.handledBy !== 'human' && last.endMs !== null) beginEpisode(context, atMs)
}

/** From humans to a bot; from one bot to another the stay goes on. A call that its release resolved may still go on. */
function takeOver(context: ContactContext, atMs: EpochMs): void {
  const { bots, phase, overByRelease } = context.state
  const isRunning = bots !== null && bots.episodes.at(-1)!.endMs === null
  if (!isRunning && (phase === 'open' || overByRelease !== null)) beginEpisode(context, atMs)
}

/** A bot has it, or may have it: it writes, or the contact is over. */
function goOn(context: ContactContext, event: CanonicalEvent, before: Before): void {
  const { state } = context
  const { type, data, timeMs: atMs } = event
  const how = endOf(context, event)
  if (
    how !== null &&
    state.bots === null &&
    state.handledBy === 'undecided' &&
    before.phase === 'open'
  )
    beginAtOpening(context)
  const { bots } = state
  if (bots === null) return
  const last = bots.episodes.at(-1)!
  if (last.endMs !== null) {
    if (how === 'resolved' && type !== 'contact.ended' && bots.mayBeResolved)
      resolveEnded(last, atMs)
  } else if (how !== null) {
    end(last, atMs, how)
    bots.isOverWithBot = true
    bots.mayBeResolved = type !== 'contact.abandoned'
  } else if (type === 'message.sent' && isWord(data)) last.messages += 1
}

const isWord = ({ from, visibility, automatic }: CanonicalEvent['data']): boolean =>
  from === 'bot' && visibility !== 'private' && automatic !== true

/** How the event ends a contact that a bot has; `null`: it does not. */
function endOf(
  { state, config }: ContactContext,
  { type, data }: CanonicalEvent,
): EpisodeEnd | null {
  switch (type) {
    case 'contact.resolved':
      return 'resolved'
    case 'contact.closed':
      return config.resolvedBy[state.class] === 'close' ? 'resolved' : 'closed'
    case 'contact.ended':
      if (state.phase === 'resolved') return 'resolved' // The release of an agent had resolved the call, or this does.
      return data.by === 'agent' ? 'closed' : 'dropped'
    case 'contact.abandoned':
      return state.phase === 'abandoned' ? 'dropped' : null // After an answer it is a release.
    default:
      return null
  }
}

function end(episode: Episode, atMs: EpochMs, how: EpisodeEnd): void {
  episode.endMs = atMs
  episode.how = how
  if (how === 'resolved') episode.resolvedMs = atMs
}

/** The connection ended, or it was archived, and only then it was said to be resolved: that was no giving up. */
function resolveEnded(last: Episode, atMs: EpochMs): void {
  if (last.how === 'resolved') return
  last.how = 'resolved'
  last.resolvedMs = atMs
}

/** Humans have it. */
function passOn(bots: BotHistory, last: Episode, { type, timeMs, data }: CanonicalEvent): void {
  bots.mayBeResolved = false
  if (last.endMs !== null) return
  const isHandedOff = type === 'contact.handed_off'
  end(last, timeMs, isHandedOff ? 'handed-off' : 'taken')
  if (isHandedOff) last.reason = data.reason ?? null
  bots.isHandedOff ||= isHandedOff
  bots.isGivenToHumans = true
}

const isWithHumans = ({ how }: Episode): boolean => how === 'handed-off' || how === 'taken'

/** A human writes to the customer, or takes a call; without any message it is told by the end of the human part. */
function answers(state: ContactState, { type, data }: CanonicalEvent, before: Before): boolean {
  if (type === 'contact.assigned' && state.class === 'voice') return true
  if (!before.answered && state.answered) return true
  return (
    type === 'message.sent' &&
    data.from === 'agent' &&
    data.visibility !== 'private' &&
    data.automatic !== true
  )
}

function isInvolved({ messages, how, reason }: Episode): boolean {
  return messages > 0 || (how === 'handed-off' && reason !== 'limit')
}

/** When the next one that was resolved is old enough to be judged; `null`: none is to be. */
export function nextMatureMs({ bots }: ContactState): EpochMs | null {
  if (bots === null) return null
  const next = bots.episodes.find(({ resolvedMs, isMature }) => resolvedMs !== null && !isMature)
  return next === undefined ? null : ((next.resolvedMs! + botWindowMs) as EpochMs)
}

/** What was resolved so long ago is mature. */
export function passMature(context: ContactContext, atMs: EpochMs): void {
  const { bots } = context.state
  if (bots === null || nextMatureMs(context.state) !== atMs) return
  for (const episode of bots.episodes)
    if (episode.resolvedMs !== null && episode.resolvedMs + botWindowMs <= atMs)
      episode.isMature = true
  tell(context, bots)
}

/** Tells what may have changed, and lets go of what no longer can. */
function tell({ state, rows }: ContactContext, bots: BotHistory): void {
  if (state.handledBy === 'undecided') return
  for (const episode of bots.episodes) rows.put(episodeRow(state, episode))
  rows.put(contactRow(state, bots))
  const last = bots.episodes.at(-1)
  bots.episodes = bots.episodes.filter(
    (one) => one === last || (one.resolvedMs !== null && !one.isMature),
  )
}

const inQueue = (state: ContactState, atMs: EpochMs, queue: string | null): Moment => ({
  atMs,
  credit: creditOf(state, { queue, agent: null }),
})

function episodeRow(state: ContactState, episode: Episode): BotEpisodeRow {
  const { ordinal, startMs, queue, endMs, how, reason, messages } = episode
  const { isAfterHumans, isAnswered, isReopened, isMature } = episode
  return {
    ...{ grain: 'bot-episode', ordinal, started: inQueue(state, startMs, queue) },
    ...{ endMs, how, reason, messages, isInvolved: isInvolved(episode) },
    ...{ isAfterHumans, isAnswered, isReopened, isMature },
  }
}

function contactRow(state: ContactState, bots: BotHistory): BotContactRow {
  const { openedMs, firstQueue, phase, overSinceMs } = state
  const { involved, isOverWithBot, overQueue, isHandedOff } = bots
  const { how } = bots.episodes.at(-1)!
  return {
    grain: 'bot-contact',
    opened: involved === null || openedMs === null ? null : inQueue(state, openedMs, firstQueue),
    involved: involved === null ? null : inQueue(state, involved.startMs, involved.queue),
    over: phase === 'open' ? null : inQueue(state, overSinceMs!, overQueue),
    isContained: phase !== 'open' && isOverWithBot && how !== 'dropped' && !hadHumans(state),
    isHandedOff,
  }
}
