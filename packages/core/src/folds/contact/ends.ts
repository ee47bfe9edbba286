import type { EndedContact } from '../../subjects/row.ts'
import { creditOf } from './context.ts'
import { countsAsRequest, isWithBotAlone, type ContactState } from './state.ts'

/** Puts the contact into a queue. The first one is credited with the opening, also where it is known only later. */
export function placeIn(state: ContactState, queue: string): void {
  if (state.inheritsQueue) state.firstQueue = null
  state.inheritsQueue = false
  state.queue = queue
  state.firstQueue ??= queue
  if (queue !== state.firstQueue && state.laterQueues?.includes(queue) !== true)
    state.laterQueues = [...(state.laterQueues ?? []), queue]
}

/** After an event: the contact is over by it, or open again. `owner`: of before it, which an end may have released. */
export function noteEnd(
  state: ContactState,
  overSinceMs: ContactState['overSinceMs'],
  owner: string | null,
): void {
  if (state.overSinceMs === overSinceMs) return
  const atMs = state.overSinceMs
  state.end =
    atMs === null || !countsAsRequest(state) || isWithBotAlone(state)
      ? null
      : {
          ...{ atMs, queue: state.queue, agent: owner ?? state.lastHuman },
          closeMs: state.customerMs === null ? null : atMs - state.customerMs,
          ...{ stations: stationsOf(state), queueWaitMs: state.queueWaitMs },
        }
}

/** Queues that it was in, and agents to whom it was assigned, each once. */
function stationsOf({ firstQueue, laterQueues, agents }: ContactState): number {
  const owners = Object.values(agents).filter(({ wasOwner }) => wasOwner === true)
  return (firstQueue === null ? 0 : 1) + (laterQueues?.length ?? 0) + owners.length
}

export function endedContact(state: ContactState): EndedContact | null {
  const { end, class: channelClass, inbound, openedMs } = state
  if (end === null) return null
  const { atMs, stations, queueWaitMs, closeMs } = end
  const isLive = channelClass === 'live'
  return {
    ...{ atMs, credit: creditOf(state, end), stations, queueWaitMs },
    isAnswered: state.answer !== null,
    messages: channelClass === 'voice' ? null : state.messageCount,
    closeMs: isLive ? closeMs : null,
    isSilent: isLive && inbound && openedMs !== null ? state.customerMs === null : null,
  }
}
