export {
  decodeAgentCarry,
  encodeAgentCarry,
  unknownAgentCarry,
  type AgentCarry,
} from './agent-carry.ts'
export type { AgentClass } from './agent-class.ts'
export { AgentDay, type AgentDayChange } from './agent-day.ts'
export { contactsMax } from './channel-states.ts'
export type { AgentDayView, AgentOpen } from './agent-day-view.ts'
export { engagementDiffersFromMs, type EngagedSpan, type Engagement } from './engagement.ts'
export type { AgentSlotChange } from './folded-slots.ts'
export { foldAgentDay, type AgentDayInput } from './fold-agent-day.ts'
export type { AgentTimeouts } from './sign-out.ts'
export type { SignOutCause } from './standing.ts'
export type { AgentSignOut } from './sweep.ts'
