import type { Elapsed, Passed } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { timesBetween } from './clocks.ts'
import type { ContactContext } from './context.ts'
import { countsAsRequest, type ContactState, type Credited, type PendedTime } from './state.ts'

const neverPended: PendedTime = { pendedMs: 0, otherPendedMs: 0 }

/** How long it is from one instant to another, of what somebody asked for. */
function passedBetween(context: ContactContext, sinceMs: EpochMs, atMs: EpochMs): Passed {
  const { clock, queue } = context.state.resolving!
  const { calendar, business } = timesBetween(context, { sinceMs, queue }, atMs)
  return clock === 'calendar'
    ? { afterMs: calendar, otherAfterMs: business }
    : { afterMs: business, otherAfterMs: calendar }
}

/** An instant, and how long the contact had been pended by then. */
type Since = PendedTime & { readonly atMs: EpochMs }

/** The time since the request, or since an agent got to work on it. */
export function elapsedSince(context: ContactContext, since: Since, atMs: EpochMs): Elapsed {
  const passed = passedBetween(context, since.atMs, atMs)
  const { pendedMs, otherPendedMs } = pendedBy(context, atMs)
  return {
    ...passed,
    activeMs: passed.afterMs - (pendedMs - since.pendedMs),
    otherActiveMs: passed.otherAfterMs - (otherPendedMs - since.otherPendedMs),
  }
}

/** The request, of which there is one. */
export const requestOf = ({ requestedMs }: ContactState): Since => ({
  atMs: requestedMs!,
  ...neverPended,
})

/** An agent gets to work on it: by the first assignment, or public message, since somebody asked. @returns whether it is that. */
export function start(context: ContactContext, { atMs, queue, agent }: Credited): boolean {
  const { state } = context
  if (state.started !== null || !countsAsRequest(state)) return false
  state.started = {
    ...{ atMs, queue, agent },
    ...passedBetween(context, state.requestedMs!, atMs),
    ...pendedBy(context, atMs),
  }
  return true
}

/** How long it was pended since the request. */
function pendedBy(context: ContactContext, atMs: EpochMs): PendedTime {
  const { pended } = context.state
  if (pended === null) return neverPended
  if (pended.sinceMs === null) return pended.before
  const { afterMs, otherAfterMs } = passedBetween(context, pended.sinceMs, atMs)
  return {
    pendedMs: pended.before.pendedMs + afterMs,
    otherPendedMs: pended.before.otherPendedMs + otherAfterMs,
  }
}

/** It waits for the customer, or for others. One pend within another is none. */
export function beginPend({ state }: ContactContext, atMs: EpochMs): void {
  if ((state.pended?.sinceMs ?? null) !== null) return
  state.pended = { sinceMs: atMs, before: state.pended?.before ?? neverPended }
}

/** It goes on: resumed, resolved, or open again. */
export function endPend(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (state.pended === null || state.pended.sinceMs === null) return
  state.pended =
    state.requestedMs === null ? null : { sinceMs: null, before: pendedBy(context, atMs) }
}

/** What it was pended before anybody asked is of no request. */
export function pendFromRequest({ state }: ContactContext, atMs: EpochMs): void {
  if (state.pended !== null) state.pended = { sinceMs: atMs, before: neverPended }
}
