/** Rules of alerts, what they decide, and how it is told. */

export { type DeadlineRules, deadlineRulesFor } from '../alerts/deadline-rules.ts'
export {
  type DeadlineChange,
  type DeadlineClock,
  decideDeadlines,
  type FoldedRule,
  unwatched,
  type WatchState,
} from '../alerts/deadline.ts'
export { effectiveRules, mergeRules } from '../alerts/effective-rules.ts'
export { withWarnings } from '../alerts/warnings.ts'
export { isWithin, type WeeklyHours } from '../time/weekly-hours.ts'
export {
  clockSubject,
  decideNotice,
  endpointSubject,
  gapIdOfSubject,
  isInhibitable,
  type NoticeEndpoint,
  type NoticeReason,
  noticeReasons,
  pipelineSubject,
  recordsSubject,
  type Told,
} from '../alerts/notice.ts'
export { appealText } from '../alerts/appeal-text.ts'
export { issuedText } from '../alerts/issued-text.ts'
export {
  proposeRules,
  type RuleProposal,
  type RuleProposalOutcome,
} from '../alerts/propose-rules.ts'
export {
  type AgentRule,
  type AlertRule,
  alertSeverities,
  type AlertSeverity,
  type AlertStatistic,
  alertStatistics,
  type AlertText,
  type ClockRule,
  type ContactRule,
  type DeadlineRule,
  type DimensionRule,
  type EndpointRule,
  isOfInstallation,
  lateAfterMs,
  type PipelineRule,
  type RecordsRule,
  type RuleVersion,
  type SourceRule,
  type WindowedRule,
} from '../alerts/rule.ts'
export {
  checkWindowedRule,
  noSample,
  parseRuleSlice,
  type Sample,
  sampleOf,
  statisticsOf,
  statisticUnit,
} from '../alerts/sample.ts'
export { shippedRules } from '../alerts/shipped-rules.ts'
export { type Silence, type SilenceMatcher, silencesOf } from '../alerts/silence.ts'
export { type SummaryFacts, summarySubjectOf, summaryText } from '../alerts/summary-text.ts'
export { checkTemplate, renderText, subjectText } from '../alerts/text.ts'
export {
  type AlertEnd,
  type AlertFacts,
  type AlertKey,
  type AlertTransition,
  installationTenant,
} from '../alerts/transition.ts'
export { alertVocabulary } from '../alerts/vocabulary.ts'
export { isLive, silentSince, sourceForgottenAfterMs } from '../alerts/watched-source.ts'
export {
  decideWindow,
  unseenWindow,
  type WindowChange,
  type WindowState,
  windowSubject,
  windowTransition,
  withdrawWindow,
} from '../alerts/window.ts'
export { ruleTitle, sliceWords } from '../alerts/words.ts'
