import type { Deadline, EndedPass, PassRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { nextOn } from './clocks.ts'
import { creditOf, momentOf, putRow, type ContactContext } from './context.ts'
import type { QueueWait } from './state.ts'

/**
 * How a wait of a call ends. `answered`: an agent took it. `abandoned`: the customer hung up. `queued`: it goes on in a queue, told with this reason.
 * `left`: nobody answered it and nobody hung up.
 */
export type PassEnd =
  | { readonly how: 'answered'; readonly agent: string | null }
  | { readonly how: 'abandoned' }
  | { readonly how: 'queued' | 'left'; readonly reason: string | undefined }

/** The call was over without an agent, and it was not the customer who hung up. */
export const overWhileWaiting: PassEnd = { how: 'left', reason: 'ended' }

/** `contact.ended` while it waits: without a word about who hung up it was the customer. */
export function hungUpBy(by: 'customer' | 'agent' | 'system' = 'customer'): PassEnd {
  return by === 'customer' ? { how: 'abandoned' } : overWhileWaiting
}

/** The wait has begun: a pass is told from here on. */
export function tellEntry(context: ContactContext, wait: QueueWait): void {
  if (wait.queue !== null) putRow(context, passRow(context, wait))
}

/** The next instant at which the pass changes by time alone, but for its loss: its limit or a threshold. */
export function nextPassDueMs(wait: QueueWait): EpochMs | null {
  const nextMs = wait.queue === null ? Infinity : nextOn(wait)
  return nextMs === Infinity ? null : (nextMs as EpochMs)
}

/** What passes at `atMs` unanswered was not answered within it, for good. */
export function passPassDue(context: ContactContext, atMs: EpochMs): void {
  const { queueWait: wait } = context.state
  if (wait === null || nextPassDueMs(wait) !== atMs) return
  const row = passRow(context, wait)
  const missed = { ...inItsQueue(context, wait, atMs), isWithin: false }
  const isDue = !wait.missed && wait.dueMs === atMs
  if (isDue) wait.missed = true
  const thresholds = [...row.thresholds]
  while (wait.pending[0]?.atMs === atMs)
    thresholds.push({ ...missed, seconds: wait.pending.shift()!.seconds })
  putRow(context, { ...row, due: isDue ? missed : row.due, thresholds })
}

/** The wait is given up at `atMs`, as things stand. */
export function losePass(context: ContactContext, wait: QueueWait, atMs: EpochMs): void {
  putRow(context, { ...passRow(context, wait), lost: momentOf(context, atMs) })
}

/** The wait ends; that it was given up is taken back. One before any queue that an agent or a queue ends was the way to them, and is not told. */
export function endPass(
  context: ContactContext,
  wait: QueueWait,
  atMs: EpochMs,
  end: PassEnd,
): void {
  const { rows, state } = context
  const isUntold =
    wait.queue === null && (end.how === 'answered' || end.how === 'queued' || state.queue !== null)
  if (isUntold) return rows.remove(`pass/${wait.ordinal}`)
  const row = passRow(context, wait)
  const ended = endedPass(context, wait, atMs, end)
  if (wait.queue !== null) state.queueWaitMs = (state.queueWaitMs ?? 0) + ended.waitMs
  const { credit, how } = ended
  const due: Deadline = { atMs, credit, isWithin: how === 'answered' }
  const isPass = wait.queue !== null
  putRow(context, {
    ...row,
    due: isPass ? (row.due ?? due) : null,
    thresholds: [...row.thresholds, ...wait.pending.map(({ seconds }) => ({ ...due, seconds }))],
    ended,
    lost: null,
  })
}

function endedPass(
  context: ContactContext,
  wait: QueueWait,
  atMs: EpochMs,
  end: PassEnd,
): EndedPass {
  const { how } = end
  const agent = how === 'answered' ? end.agent : null
  const isElsewhere = how === 'queued' && context.state.queue !== wait.queue
  return {
    ...inItsQueue(context, wait, atMs, agent),
    how: how === 'queued' ? 'left' : how,
    reason: ('reason' in end ? end.reason : undefined) ?? (isElsewhere ? 'overflow' : null),
    waitMs: atMs - wait.sinceMs,
  }
}

const inItsQueue = (
  { state }: ContactContext,
  { queue }: QueueWait,
  atMs: EpochMs,
  agent: string | null = null,
) => ({ atMs, credit: creditOf(state, { queue, agent }) })

/** The row of the wait, as it was last told. */
function passRow(context: ContactContext, wait: QueueWait): PassRow {
  const { ordinal, sinceMs, queue, dueMs } = wait
  const told = context.rows.get(`pass/${ordinal}`)
  if (told?.grain === 'pass') return told
  return {
    ...{ grain: 'pass', ordinal, sinceMs, queue, dueMs },
    entered: queue === null ? null : inItsQueue(context, wait, sinceMs),
    ...{ due: null, thresholds: [], ended: null, lost: null },
  }
}
