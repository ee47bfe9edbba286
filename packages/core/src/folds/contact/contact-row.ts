import { dimensionSet } from '../../measures/dimension-set.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import type { ContactRow, Elapsed, FirstResolved, Moment, Opened } from '../../subjects/row.ts'
import { creditOf } from './context.ts'
import { endedContact } from './ends.ts'
import { resolutionDue } from './resolving.ts'
import { firstReply, sessionEnded } from './session-waits.ts'
import { windowEndMs, type ContactState, type Credited, type FirstResolution } from './state.ts'

/** A contact is resolved in time within so long after its opening. */
const resolvedInTimeMs = dayMs

/** What the state of a contact says of it as a whole at log time `nowMs`; outbound contacts are never counted as opened. */
export function contactRow(state: ContactState, nowMs: EpochMs): ContactRow {
  const { started, answer, firstResolution, hungUp, offline } = state
  const opened = openedIn(state)
  const resolved = firstResolution === null ? null : resolvedIn(state, firstResolution, nowMs)
  return {
    grain: 'contact',
    clock: state.resolving?.clock ?? null,
    isInAuthority: !state.beyondAuthority,
    opened: offline ? null : opened,
    leftMessage: offline && opened !== null ? momentOfOpening(opened) : null,
    started:
      started === null
        ? null
        : {
            ...momentIn(state, started),
            afterMs: started.afterMs,
            otherAfterMs: started.otherAfterMs,
          },
    answered: answer === null ? null : momentIn(state, answer),
    resolved,
    lastResolved: resolved === null ? null : lastResolvedIn(state, resolved),
    closedUnresolved: closedUnresolvedIn(state),
    resolutionDue: resolutionDue(state, resolved),
    hungUp:
      hungUp === null
        ? null
        : { atMs: hungUp.atMs, credit: creditOf(state, hungUp), isByAgent: hungUp.isByAgent },
    ended: endedContact(state),
    firstReply: firstReply(state, offline ? null : opened),
    sessionEnd: sessionEnded(state),
  }
}

const momentIn = (state: ContactState, at: Credited): Moment => ({
  atMs: at.atMs,
  credit: creditOf(state, at),
})

const momentOfOpening = ({ atMs, credit }: Opened): Moment => ({ atMs, credit })

function openedIn(state: ContactState): Opened | null {
  const { inbound, openedMs: atMs, firstQueue: queue, firstResolution } = state
  if (!inbound || atMs === null) return null
  const isResolvedInTime =
    firstResolution !== null && firstResolution.atMs <= atMs + resolvedInTimeMs
  return { ...momentIn(state, { atMs, queue, agent: null }), isResolvedInTime }
}

function resolvedIn(state: ContactState, first: FirstResolution, nowMs: EpochMs): FirstResolved {
  const { atMs, topic, eligible, reopened, reopenedByCustomer } = first
  const credit = creditOf(state, first)
  return {
    atMs,
    credit,
    ...elapsedOf(first),
    fromStart: first.fromStart,
    isFirstLevel: first.isFirstLevel,
    isReopened: reopened,
    firstContact: !eligible
      ? null
      : {
          atMs,
          credit: dimensionSet(credit, { ...state.attributes, topic }),
          isSolved: !reopenedByCustomer,
          isIdentified: state.customerId !== null,
          isMature: windowEndMs(first) <= nowMs,
        },
  }
}

function lastResolvedIn(state: ContactState, first: FirstResolved): ContactRow['lastResolved'] {
  const { lastResolution: last } = state
  return last === null
    ? { atMs: first.atMs, credit: first.credit, ...elapsedOf(first) }
    : { ...momentIn(state, last), ...elapsedOf(last) }
}

/** What was resolved after all counts there. */
function closedUnresolvedIn(state: ContactState): ContactRow['closedUnresolved'] {
  const { closedUnresolved: closed, firstResolution, attributes, customerId } = state
  if (closed === null || firstResolution !== null) return null
  const credit = dimensionSet(creditOf(state, closed), { ...attributes, topic: closed.topic })
  return { atMs: closed.atMs, credit, isIdentified: customerId !== null }
}

const elapsedOf = ({ afterMs, otherAfterMs, activeMs, otherActiveMs }: Elapsed): Elapsed => ({
  ...{ afterMs, otherAfterMs, activeMs, otherActiveMs },
})
