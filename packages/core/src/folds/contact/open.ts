import type { IntervalKind } from '../../open/entry.ts'
import type { EpochMs } from '../../time/time.ts'
import { equalBacklog, equalOpen, type InBacklog, type OpenSubject } from '../open-subject.ts'
import { creditOf, currentCredit } from './context.ts'
import { countsAsRequest, type ContactState } from './state.ts'
import { waitOf } from './waits.ts'

/** What goes on with a contact: its owed reply or its wait in a queue, or that wait given up; and whether it counts as open. */
export type ContactOpen = { readonly wait: OpenSubject | null; readonly backlog: InBacklog | null }

export const noContactOpen: ContactOpen = { wait: null, backlog: null }

export const equalContactOpen = (a: ContactOpen, b: ContactOpen): boolean =>
  equalOpen(a.wait, b.wait) && equalBacklog(a.backlog, b.backlog)

/** `nowMs`: log time; a contact that an event ahead of it opened does not count yet. `retiredMs`: from then on it counts as open no more. */
export function contactOpen(
  contactId: string,
  state: ContactState,
  nowMs: EpochMs,
  retiredMs: number,
): ContactOpen {
  const { requestedMs, resolving } = state
  if (state.discarded || requestedMs === null || resolving === null) return noContactOpen
  const dimensions = creditOf(state, currentCredit(state))
  const counted = countsAsRequest(state)
  const hasHungUp = state.lost && state.class === 'voice' && counted // Nobody is on the line any more.
  const counts = state.phase === 'open' && !hasHungUp && requestedMs <= nowMs && nowMs < retiredMs
  return {
    wait: counted ? waitIn(contactId, state, dimensions) : null,
    backlog: counts
      ? {
          sinceMs: requestedMs,
          clock: resolving.clock,
          queue: resolving.queue,
          limitMs: resolving.limitMs,
          dueAfterMs: resolving.dueAfterMs,
          dimensions,
        }
      : null,
  }
}

function waitIn(
  contactId: string,
  state: ContactState,
  dimensions: OpenSubject['dimensions'],
): OpenSubject | null {
  const wait = waitOf(state)
  if (wait === null) return null
  const { owed } = state
  const row = {
    contactId,
    dueAtMs: wait.dueMs,
    first: owed === null ? !state.answered : owed.first,
    queue: state.queue ?? undefined,
    channel: state.channel,
    agentId: state.owner ?? undefined,
    priority: state.attributes.priority,
    customerId: state.customerId ?? undefined,
  }
  return { row, intervals: [{ kind: kindOf(state), sinceMs: wait.sinceMs }], dimensions }
}

function kindOf({ owed, lost, class: channelClass }: ContactState): IntervalKind {
  if (lost) return owed === null ? 'lost.queue' : 'lost.reply'
  if (owed === null) return 'queue.voice'
  return channelClass === 'deferred' ? 'reply.deferred' : 'reply.live'
}
