import type { PartRow } from '../../subjects/row.ts'
import { creditOf } from './context.ts'
import type { ContactState } from './state.ts'

/** What the state of a contact says of the parts of its agents: of those that have ended. */
export function partRows(state: ContactState): PartRow[] {
  const rows: PartRow[] = []
  for (const [agent, { handled }] of Object.entries(state.agents)) {
    if (handled === null) continue
    const { atMs, queue, isFirst } = handled
    const { transferred: isTransferred, escalated: isEscalated } = state
    rows.push({ grain: 'part', agent, isFirst, isTransferred, isEscalated, handled: { atMs, credit: creditOf(state, { queue, agent }) } })
  }
  return rows
}
