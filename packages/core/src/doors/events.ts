/** What happens in a contact center, as the log has it, and records of it that are lost. */

export { agentsNamed, type CanonicalEvent, type EventData, isSurvey } from '../events/event.ts'
export {
  type AgentState,
  agentStates,
  type EventType,
  eventTypes,
  messageSenders,
} from '../events/types.ts'
export {
  type FoundGap,
  type Gap,
  type GapAcknowledgement,
  gapIdOf,
  gapTopics,
  incompleteOf,
  withAcknowledged,
  withGap,
} from '../gaps/gaps.ts'
