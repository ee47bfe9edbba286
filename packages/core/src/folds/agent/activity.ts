import type { AgentState } from '../../events/types.ts'
import type { AgentStretch } from './stretches.ts'

/** What adherence compares (semantics 16). */
export const activityClasses = [
  'productive',
  'break',
  'meeting',
  'training',
  'other',
  'off',
] as const
export type ActivityClass = (typeof activityClasses)[number]

/** As what a state counts that was scheduled, or in which nothing engages the agent. */
export function activityOf(state: AgentState): ActivityClass {
  switch (state) {
    case 'available':
    case 'on_contact':
    case 'wrap_up':
      return 'productive'
    case 'break':
    case 'meal':
      return 'break'
    case 'meeting':
    case 'training':
      return state
    case 'not_ready':
    case 'other':
      return 'other'
    case 'offline':
      return 'off'
  }
}

/** What an agent did: one who is engaged in a contact is productive, whatever state it set. */
export const actualOf = ({
  class: agentClass,
  state,
}: Pick<AgentStretch, 'class' | 'state'>): ActivityClass =>
  agentClass === null ? 'off' : agentClass === 'not_ready' ? activityOf(state) : 'productive'
