/** What a tenant has configured, and since when it holds. */

export {
  alwaysInForce,
  haveSameHours,
  historyOf,
  type TenantHistory,
} from '../config/business-time.ts'
export { localTimeOf } from '../config/local-time.ts'
export {
  type ChannelClass,
  type Clock,
  type ConfigVersion,
  defaultTenantConfig,
  type Dimension,
  type ConfiguredDimension,
  configuredDimensions,
  dimensions,
  type Rater,
  type KpiTarget,
  type TenantConfig,
  type WrittenClass,
} from '../config/tenant-config.ts'
export {
  type CardText,
  defaultBands,
  defaultCard,
  type ScoreBand,
  type ScoreCard,
  type ScoredPeriod,
  scoredPeriods,
  scoredStatistics,
  type ScoreItem,
} from '../config/score-card.ts'
export {
  beginningOfTimeMs,
  configAt,
  defaultVersion,
  futureMaxMs,
  type Proposal,
  type ProposalOutcome,
  propose,
} from '../config/versions.ts'
