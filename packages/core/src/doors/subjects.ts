/** Subjects, from the timeline of their events to the rows that they tell. */

export {
  type AgentCarry,
  decodeAgentCarry,
  encodeAgentCarry,
  unknownAgentCarry,
} from '../folds/agent/agent-carry.ts'
export { AgentDay, type AgentDayChange } from '../folds/agent/agent-day.ts'
export { contactsMax } from '../folds/agent/channel-states.ts'
export { stateReasonOf } from '../folds/agent/standing.ts'
export { type AgentStretch, joinStretches, stretchOf } from '../folds/agent/stretches.ts'
export {
  type Engagement,
  engagementChange,
  type EngagementChange,
} from '../folds/agent/engagement.ts'
export {
  type Appealed,
  Contact,
  type ContactChange,
  type ContactImage,
  contactRetentionMs,
  type StoredContact,
} from '../folds/contact/contact.ts'
export type { ContactOutput, OutputChange } from '../folds/contact/outputs.ts'
export {
  ContractCounts,
  type ContractStep,
  type StoredContracts,
} from '../folds/customer/contract-counts.ts'
export {
  CustomerPeriods,
  customerPeriodRows,
  dueOccasions,
  type Occasion,
  occasionsOf,
} from '../folds/customer/customer-periods.ts'
export { Retention } from '../folds/customer/retention.ts'
export {
  type HeldPurchase,
  letGo,
  noSellers,
  paidOccasion,
  type Purchase,
  Sales,
  type Sellers,
} from '../folds/customer/sales.ts'
export { equalServed, isDueContinued, type Session } from '../folds/customer/session.ts'
export { SessionList } from '../folds/customer/session-list.ts'
export { equalBacklog, equalOpen, type InBacklog, type OpenSubject } from '../folds/open-subject.ts'
export { identityHash } from '../folds/timeline/identity.ts'
export {
  type Insertion,
  type Received,
  reorderHorizonMs,
  Timeline,
  winsOver,
} from '../folds/timeline/timeline.ts'
export { grains } from '../subjects/grains.ts'
export { creditedToAppeals, type Exclusion, keptForAppeals } from '../subjects/exclusion.ts'
export {
  appealChange,
  type AppealChange,
  type AppealDecision,
  appealDecisions,
  changedMs,
  decisionOf,
} from '../subjects/own-id/appeal-change.ts'
export { forecastIntervalMaxMs } from '../subjects/own-id/forecast.ts'
export { ownIdKinds } from '../subjects/own-id/index.ts'
export type {
  ForAgentDays,
  Inquiry,
  OwnIdKind,
  OwnIdTold,
  Said,
  Telling,
} from '../subjects/own-id/own-id.ts'
export { shiftMaxMs } from '../subjects/own-id/shift.ts'
export { equalRows, type RowChange, RowSet } from '../subjects/row-set.ts'
export {
  type AgentTimeRow,
  type Grain,
  keyOfRow,
  type Moment,
  type Priced,
  type Row,
  type RowOf,
  sessionOfRow,
  type Spread,
} from '../subjects/row.ts'
export { sessionOf } from '../subjects/session-id.ts'
export { minuteEnd, perContact, spreadBetween } from '../workforce/forecast.ts'
