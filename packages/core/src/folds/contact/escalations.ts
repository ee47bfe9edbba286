import type { EventData } from '../../events/event.ts'
import type { EpochMs } from '../../time/time.ts'
import { creditOf, momentOf, putRow, type ContactContext } from './context.ts'
import { countsAsHumanWork, type Unreacted } from './state.ts'

/** The contact is handed up. Who holds it is its owner, else who escalates it, else the last human who wrote. */
export function escalate(context: ContactContext, data: EventData, atMs: EpochMs): void {
  const { state } = context
  if (!countsAsHumanWork(state)) return
  const ordinal = state.escalations
  const holder = state.owner ?? data.byAgentId ?? state.lastHuman
  state.escalations += 1
  state.unreacted ??= []
  state.unreacted.push({ ordinal, atMs, holder })
  putRow(context, {
    ...{ grain: 'escalation', ordinal, kind: data.kind ?? null },
    ...{ escalated: momentOf(context, atMs), reacted: null },
  })
}

/** An agent was assigned, or wrote to the customer: the reaction to what another one held when it was handed up. */
export function react(context: ContactContext, agent: string | null, atMs: EpochMs): void {
  const { state } = context
  if (state.unreacted === null || agent === null) return
  const left: Unreacted[] = []
  for (const escalation of state.unreacted) {
    if (escalation.holder === agent) left.push(escalation)
    else tellReaction(context, escalation, agent, atMs)
  }
  state.unreacted = left.length === 0 ? null : left
}

function tellReaction(
  context: ContactContext,
  escalation: Unreacted,
  agent: string,
  atMs: EpochMs,
): void {
  const { state, rows } = context
  const told = rows.get(`escalation/${escalation.ordinal}`)
  if (told?.grain !== 'escalation') return
  const credit = creditOf(state, { queue: state.queue, agent })
  putRow(context, { ...told, reacted: { atMs, credit, afterMs: atMs - escalation.atMs } })
}
