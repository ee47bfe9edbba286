import { dimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { ContactRow, FirstResolved } from '../../subjects/row.ts'
import { creditOf } from './context.ts'
import { resolutionDue } from './resolving.ts'
import { firstReply, sessionEnded } from './session-waits.ts'
import { windowEndMs, type ContactState, type FirstResolution } from './state.ts'

/** What the state of a contact says of it as a whole at log time `nowMs`; outbound contacts are never counted as opened. */
export function contactRow(state: ContactState, nowMs: EpochMs): ContactRow {
  const { inbound, openedMs, firstQueue, answer, firstResolution } = state
  const resolved = firstResolution === null ? null : resolvedIn(state, firstResolution, nowMs)
  const opened =
    inbound && openedMs !== null
      ? { atMs: openedMs, credit: creditOf(state, { queue: firstQueue, agent: null }) }
      : null
  return {
    grain: 'contact',
    opened,
    answered: answer === null ? null : { atMs: answer.atMs, credit: creditOf(state, answer) },
    resolved,
    resolutionDue: resolutionDue(state, resolved),
    firstReply: firstReply(state, opened, resolved),
    sessionEnd: sessionEnded(state),
  }
}

function resolvedIn(state: ContactState, first: FirstResolution, nowMs: EpochMs): FirstResolved {
  const { atMs, queue, agent, topic, eligible, reopened, reopenedByCustomer } = first
  const credit = creditOf(state, { queue, agent })
  return {
    atMs,
    credit,
    clock: state.resolving!.clock, // What is resolved was asked for.
    afterMs: first.afterMs,
    otherAfterMs: first.otherAfterMs,
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
