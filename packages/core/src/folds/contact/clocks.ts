import {
  businessAfter,
  businessBetween,
  businessHoursOf,
  isAlwaysOpen,
} from '../../config/business-time.ts'
import type { Clock, WrittenClass } from '../../config/tenant-config.ts'
import { isInDayWindow } from '../../time/day-window.ts'
import { type DurationMs, type EpochMs, secondMs } from '../../time/time.ts'
import type { ContactContext } from './context.ts'
import type { CappedClock, ContactState, OwedReply, PendingThreshold, ReplyClock } from './state.ts'

/** Since when something runs, on the calendar of which queue. */
type Start = Pick<OwedReply, 'sinceMs' | 'queue'>

/** What limits of the contact's class run on. A call is always calendar time. */
export function clockOf({ state, config }: ContactContext): Clock {
  return state.class === 'voice' ? 'calendar' : config.clock[state.class]
}

/** An instant after so much time on a clock. */
export function instantAfter(
  { history }: Pick<ContactContext, 'history'>,
  clock: Clock,
  { sinceMs, queue }: Start,
  ms: DurationMs,
): EpochMs {
  return clock === 'calendar'
    ? ((sinceMs + ms) as EpochMs)
    : businessAfter(history, queue, sinceMs, ms)
}

/** How long that is on each clock. */
export function timesBetween(
  { history }: ContactContext,
  { sinceMs, queue }: Start,
  atMs: EpochMs,
): Readonly<Record<Clock, DurationMs>> {
  return {
    calendar: atMs - sinceMs,
    business: businessBetween(history, queue, sinceMs, atMs),
  }
}

type Started = Start & Pick<OwedReply, 'limitMs' | 'capMs' | 'clock'>
type Clocks = CappedClock & Pick<OwedReply, 'other'>

/** The one place where due instants of a reply are computed: its limit, the thresholds and the cap, on the clock of its class and on the other one. */
export function startClocks(
  context: ContactContext,
  started: Started,
  thresholdsSeconds: readonly number[],
): Clocks {
  const pending = pendingFrom(started.sinceMs, thresholdsSeconds)
  const unset = { dueMs: started.sinceMs, missed: false, pending, cappedMs: started.sinceMs }
  return setClocks(context, started, { ...unset, other: null })
}

/** On the calendar. */
export function pendingFrom(
  sinceMs: EpochMs,
  thresholdsSeconds: readonly number[],
): PendingThreshold[] {
  return [...thresholdsSeconds]
    .sort((a, b) => a - b)
    .map((seconds) => ({ seconds, atMs: (sinceMs + seconds * secondMs) as EpochMs }))
}

/** The next limit or threshold on a clock; `Infinity`: all have passed. */
export function nextOn({ pending, missed, dueMs }: ReplyClock): number {
  return Math.min(pending[0]?.atMs ?? Infinity, missed ? Infinity : dueMs)
}

/** With the cap. */
export function nextCapped(clock: CappedClock): number {
  return Math.min(nextOn(clock), clock.cappedMs ?? Infinity)
}

/** By the versions that are known by now; what has passed stays. */
export function renewClocks(context: ContactContext): void {
  const { state } = context
  if (state.owed !== null)
    state.owed = { ...state.owed, ...setClocks(context, state.owed, state.owed) }
}

function setClocks(context: ContactContext, started: Started, clocks: Clocks): Clocks {
  const { clock, limitMs, capMs } = started
  const set = (on: Clock, { dueMs, missed, pending, cappedMs }: CappedClock): CappedClock => ({
    dueMs: missed ? dueMs : instantAfter(context, on, started, limitMs),
    missed,
    pending: pending.map(({ seconds }) => ({
      seconds,
      atMs: instantAfter(context, on, started, seconds * secondMs),
    })),
    cappedMs: cappedMs === null ? null : instantAfter(context, on, started, capMs),
  })
  const own = set(clock, clocks)
  if (clocks.other === null && isAllOpen(context, started, clocks)) return { ...own, other: null }
  return {
    ...own,
    other: set(clock === 'calendar' ? 'business' : 'calendar', clocks.other ?? clocks),
  }
}

/** Up to where either clock is looked at. */
function isAllOpen(
  { history }: ContactContext,
  { sinceMs, limitMs, capMs, queue }: Started,
  { pending }: ReplyClock,
): boolean {
  const longestMs = Math.max(limitMs, capMs, (pending.at(-1)?.seconds ?? 0) * secondMs)
  return isAlwaysOpen(history, queue, sinceMs, (sinceMs + longestMs) as EpochMs)
}

/** What becomes of a contact that is asked for at `atMs`: `null`, it counts like all others. */
export function outsideAt(
  { state, config }: ContactContext,
  atMs: EpochMs,
): ContactState['outside'] {
  if (state.class === 'voice') return null
  const rule = config.outsideHours[state.class satisfies WrittenClass]
  if (rule === 'count') return null
  const hours = businessHoursOf(config, state.queue)
  return hours === null || hours.isOpen(atMs) ? null : rule
}

/** The same of a reply that is owed since `sinceMs`: outside of the window of the day it is in no KPI of response. */
export function replyOutsideAt(
  { state, config }: ContactContext,
  sinceMs: EpochMs,
): ContactState['outside'] {
  return isInDayWindow(config.responseWindow, sinceMs, config.timeZone) ? state.outside : 'exclude'
}
