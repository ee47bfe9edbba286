import { bucketStart, slotMs } from '../../time/time.ts'
import type { DueReplies, DueReply } from '../customer/session.ts'
import type { ContactState, OwedReply } from './state.ts'

/** A reply came due, met or missed. One that is in no KPI of response is not told. */
export function noteDue(state: ContactState, { outside }: OwedReply, reply: DueReply): void {
  if (outside === null) state.dueReplies = withReply(state.dueReplies ?? [], reply)
}

/** Of those in one quarter-hour and place the first one is enough: no period begins within it. A reply may come due behind others, as its contact was reopened. */
function withReply(replies: readonly DueReply[], reply: DueReply): readonly DueReply[] {
  const { atMs, queue, agent, isMissed } = reply
  const slotStartMs = bucketStart(atMs, slotMs)
  for (let place = replies.length - 1; place >= 0; place -= 1) {
    const one = replies[place]!
    if (one.atMs < slotStartMs) break
    const isSame =
      one.atMs < slotStartMs + slotMs &&
      one.queue === queue &&
      one.agent === agent &&
      one.isMissed === isMissed
    if (isSame) return one.atMs <= atMs ? replies : replies.with(place, reply)
  }
  return [...replies, reply]
}

/** What its customer is told; `null`: none came due. */
export function dueReplies(state: ContactState): DueReplies | null {
  const { dueReplies: replies, channel, class: channelClass, attributes } = state
  return replies === null ? null : { replies, channel, class: channelClass, attributes }
}
