import type { MessageRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { creditOf, momentOf, putRow, type ContactContext } from './context.ts'
import { countsAsRequest } from './state.ts'

/** Messages between the customer and humans, of contacts in writing: each is a row, credited to the queue then. */

/** Of the owner then. What is written to a bot is known, and is no row. */
export function tellCustomerMessage(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (state.class === 'voice') return
  const responseMs = state.humanMs === null ? null : atMs - state.humanMs
  state.customerMs = atMs
  state.humanMs = null
  if (state.handledBy !== 'bot')
    tell(context, { from: 'customer', sent: momentOf(context, atMs), responseMs })
}

/** A public one that is not automatic, of whoever wrote it. */
export function tellHumanMessage(
  context: ContactContext,
  atMs: EpochMs,
  writer: string | null,
): void {
  const { state } = context
  if (state.class === 'voice') return
  if (countsAsRequest(state)) state.humanMs ??= atMs
  const sent = { atMs, credit: creditOf(state, { queue: state.queue, agent: writer }) }
  tell(context, { from: 'agent', sent, responseMs: null })
}

function tell(context: ContactContext, message: Omit<MessageRow, 'grain' | 'ordinal'>): void {
  const { state } = context
  if (!countsAsRequest(state)) return
  putRow(context, { grain: 'message', ordinal: state.messageCount, ...message })
  state.messageCount += 1
}
