import type { Clock, Limits, TenantConfig } from '../../config/tenant-config.ts'
import type { Deadline, Moment, ReplyOnClock, ReplyRow } from '../../subjects/row.ts'
import { type DurationMs, type EpochMs, secondMs } from '../../time/time.ts'
import { clockOf, nextCapped, replyOutsideAt, startClocks, timesBetween } from './clocks.ts'
import { creditOf, momentOf, putRow, type ContactContext } from './context.ts'
import { waitedInSession } from './session-waits.ts'
import { countsAsRequest, type CappedClock, type ContactState, type OwedReply } from './state.ts'
import { noteDue } from './due-replies.ts'
import { endOwed, leaveLost } from './waits.ts'

/** The most specific limit of queue + channel + priority, queue + channel, queue, class (semantics 4). */
export function limitOf<Name extends keyof Limits>(
  config: TenantConfig,
  state: Pick<ContactState, 'class' | 'queue' | 'channel' | 'attributes'>,
  clock: Name,
): Limits[Name] {
  let limit: Limits[Name] = config.limits[state.class][clock]
  let weight = -1
  for (const override of config.limitOverrides) {
    const value = override[clock] as Limits[Name] | undefined
    if (value === undefined) continue
    const matches =
      (override.queue === undefined || override.queue === state.queue) &&
      (override.channel === undefined || override.channel === state.channel) &&
      (override.priority === undefined || override.priority === state.attributes.priority)
    const itsWeight =
      (override.queue === undefined ? 0 : 4) +
      (override.channel === undefined ? 0 : 2) +
      (override.priority === undefined ? 0 : 1)
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
  if (state.lost) leaveOwed(context, sinceMs)
  if (state.owed !== null) return
  const first = state.explicit && state.inbound && state.owedCount === 0 && !state.isReopened
  const started = {
    sinceMs,
    limitMs: limitOf(config, state, first ? 'firstResponseMs' : 'replyMs'),
    capMs: config.responseCapSeconds * secondMs,
    sessionMs: config.sessionMeanSeconds * secondMs,
    clock: clockOf(context),
    queue: state.queue,
  }
  state.owed = {
    ...started,
    ordinal: state.owedCount,
    lostAtMs: (sinceMs + config.waitMaxMs[state.class]) as EpochMs,
    first,
    outside: replyOutsideAt(context, sinceMs),
    ...startClocks(context, started, config.thresholdsSeconds),
  }
  state.owedCount += 1
  if (first && state.owed.outside === null) state.firstReplyWithin = false
}

/** The customer writes again after the wait was given up. */
function leaveOwed(context: ContactContext, atMs: EpochMs): void {
  waitedInSession(context, context.state.owed!, atMs, null)
  leaveLost(context.state)
}

/** A public, human, not automatic message answers what is owed; credit to the queue of now and to its writer. */
export function answer(context: ContactContext, atMs: EpochMs, writer: string | null): void {
  const { state } = context
  const { owed, queue } = state
  if (owed === null) return
  const answered = { atMs, credit: creditOf(state, { queue, agent: writer }) }
  const row = replyRow(context, owed)
  const times = timesBetween(context, owed, atMs)
  const queueTimes = owed.first ? queueTimesOf(context, owed, times) : null
  const isSame = owed.other === null && times.calendar === times.business
  putRow(context, {
    ...row,
    ...answeredOn(owed, row, answered, { times, queueTimes, on: owed.clock }),
    other: isSame
      ? null
      : answeredOn(owed.other ?? owed, row.other ?? onClock(row), answered, {
          ...{ times, queueTimes, on: otherOf(owed) },
        }),
    answered,
    lost: null,
  })
  waitedInSession(context, owed, atMs, times[owed.clock])
  if (!owed.missed) noteDue(state, owed, { atMs, queue, agent: writer, isMissed: false })
  if (owed.first && state.firstReplyWithin !== null) state.firstReplyWithin = !owed.missed
  endOwed(context.state, atMs)
}

/** How much of a wait was before the assignment of the owner: without an owner all of it in a queue, and nothing without one. */
function queueTimesOf(context: ContactContext, owed: OwedReply, times: Times): Times {
  const { owner, assignment, queue } = context.state
  if (owner === null && queue !== null) return times
  const untilMs = owner === null ? owed.sinceMs : (assignment?.atMs ?? owed.sinceMs)
  return untilMs <= owed.sinceMs
    ? { calendar: 0, business: 0 }
    : timesBetween(context, owed, untilMs)
}

type Times = ReturnType<typeof timesBetween>
type Waited = { readonly times: Times; readonly queueTimes: Times | null; readonly on: Clock }

/** Everything that is not yet due comes due within its limit. */
function answeredOn(
  { pending }: CappedClock,
  told: ReplyOnClock,
  answered: Moment,
  { times, queueTimes, on }: Waited,
): ReplyOnClock {
  const within: Deadline = { ...answered, isWithin: true }
  const thresholds = [...told.thresholds, ...pending.map(({ seconds }) => ({ ...within, seconds }))]
  const waitMs = times[on]
  const queueMs = queueTimes === null ? null : queueTimes[on]
  const capped = told.capped ?? { ...answered, waitMs }
  return { dueMs: told.dueMs, waitMs, queueMs, due: told.due ?? within, thresholds, capped }
}

/** Abandon, resolve, close, end, or a bot that takes over: before the limit it is neither answered nor missed. */
export function cancelOwed(context: ContactContext, atMs: EpochMs): void {
  const { owed } = context.state
  if (owed === null) return
  const cancelled = owed.missed ? null : momentOf(context, atMs)
  putRow(context, { ...replyRow(context, owed), cancelled, lost: null })
  waitedInSession(context, owed, atMs, null)
  endOwed(context.state, atMs)
}

/** The next instant at which the owed reply changes by time alone: its limit, a threshold or the cap, on either clock. */
export function nextDueMs(owed: OwedReply): EpochMs | null {
  const nextMs = Math.min(nextCapped(owed), owed.other === null ? Infinity : nextCapped(owed.other))
  return nextMs === Infinity ? null : (nextMs as EpochMs)
}

/** What passes at `atMs` unanswered is missed, for good. */
export function passDue(context: ContactContext, atMs: EpochMs): void {
  const { owed } = context.state
  if (owed === null) return
  const { other, missed: wasMissed } = owed
  if (nextCapped(owed) !== atMs && (other === null || nextCapped(other) !== atMs)) return
  const missed: Deadline = { ...momentOf(context, atMs), isWithin: false }
  const row = replyRow(context, owed)
  putRow(context, {
    ...row,
    ...missedOn(owed, row, missed, owed.capMs),
    other: other === null ? null : missedOn(other, row.other!, missed, owed.capMs),
  })
  if (owed.missed && !wasMissed) {
    const { queue, owner: agent } = context.state
    noteDue(context.state, owed, { atMs, queue, agent, isMissed: true })
  }
}

function missedOn(
  clock: CappedClock,
  told: ReplyOnClock,
  missed: Deadline,
  capMs: DurationMs,
): ReplyOnClock {
  const isDue = !clock.missed && clock.dueMs === missed.atMs
  if (isDue) clock.missed = true
  const thresholds = [...told.thresholds]
  while (clock.pending[0]?.atMs === missed.atMs)
    thresholds.push({ ...missed, seconds: clock.pending.shift()!.seconds })
  const isCapped = clock.cappedMs === missed.atMs
  if (isCapped) clock.cappedMs = null
  const { atMs, credit } = missed
  const capped = isCapped ? { atMs, credit, waitMs: capMs } : told.capped
  return { ...onClock(told), due: isDue ? missed : told.due, thresholds, capped }
}

/** What is owed is given up at `atMs`. */
export function loseOwed(context: ContactContext, owed: OwedReply, atMs: EpochMs): void {
  putRow(context, { ...replyRow(context, owed), lost: momentOf(context, atMs) })
}

/** The row of what is owed, as it was last told, with the due instants of now. */
function replyRow({ rows }: ContactContext, owed: OwedReply): ReplyRow {
  const { ordinal, sinceMs, clock, first, outside, dueMs, other } = owed
  const told = rows.get(`reply/${ordinal}`)
  const row = told?.grain === 'reply' ? told : null
  const own: ReplyOnClock = row === null ? untold(dueMs) : { ...onClock(row), dueMs }
  return {
    grain: 'reply',
    ordinal,
    sinceMs,
    clock,
    first,
    outside,
    ...own,
    other: other === null ? null : { ...(row?.other ?? own), dueMs: other.dueMs },
    answered: null,
    cancelled: null,
    lost: row?.lost ?? null,
  }
}

const untold = (dueMs: EpochMs): ReplyOnClock => ({
  dueMs,
  waitMs: null,
  queueMs: null,
  due: null,
  thresholds: [],
  capped: null,
})

function onClock({ dueMs, waitMs, queueMs, due, thresholds, capped }: ReplyOnClock): ReplyOnClock {
  return { dueMs, waitMs, queueMs, due, thresholds, capped }
}

const otherOf = ({ clock }: OwedReply): Clock => (clock === 'calendar' ? 'business' : 'calendar')
