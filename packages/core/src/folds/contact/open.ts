import { encodeId } from '../../state/keys.ts'
import { encodeWaiting } from '../../state/open-members.ts'
import type { EpochMs } from '../../time/time.ts'
import type { OpenInterval } from '../open-interval.ts'
import { currentCredit, factDimensions } from './context.ts'
import type { ContactState } from './state.ts'
import { waitOf } from './waits.ts'

/** The contact's owed reply, its wait in a queue, and its place in the backlog (`inBacklog`: not yet given up by retention). */
export function contactOpenIntervals(contactId: string, state: ContactState, inBacklog: boolean): OpenInterval[] {
  const { requestedMs } = state
  if (state.discarded || requestedMs === null) return []
  const dimensions = factDimensions(state, currentCredit(state))
  const open: OpenInterval[] = []
  const { owed } = state
  const wait = waitOf(state)
  const hasHungUp = state.lost && state.class === 'voice' // Nobody is on the line any more.
  if (state.phase === 'open' && inBacklog && !hasHungUp) {
    open.push({ kind: 'backlog', member: encodeId(contactId), scoreMs: requestedMs, sinceMs: requestedMs, dimensions })
  }
  if (wait === null) return open
  const dueAtMs = (wait.sinceMs + wait.limitMs) as EpochMs
  const member = encodeWaiting({
    contactId,
    dueAtMs,
    first: owed === null ? !state.answered : owed.first,
    queue: state.queue ?? undefined,
    channel: state.channel,
    agentId: state.owner ?? undefined,
    priority: state.attributes.priority,
  })
  if (state.lost) {
    open.push({ kind: owed === null ? 'lost.queue' : 'lost.reply', member, scoreMs: wait.sinceMs, sinceMs: wait.sinceMs, dimensions })
    return open
  }
  const kind: 'queue.voice' | 'reply.live' | 'reply.deferred' =
    owed === null ? 'queue.voice' : state.class === 'deferred' ? 'reply.deferred' : 'reply.live'
  const { sinceMs } = wait
  open.push({ kind, member, scoreMs: sinceMs, sinceMs, dimensions }, { kind: `${kind}.due`, member, scoreMs: dueAtMs, sinceMs, dimensions })
  return open
}
