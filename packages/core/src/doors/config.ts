/** What a tenant has configured, and since when it holds. */

export {
  type ChannelClass,
  type ConfigVersion,
  defaultTenantConfig,
  type Dimension,
  dimensions,
  type KpiTarget,
  type TenantConfig,
} from '../config/tenant-config.ts'
export {
  beginningOfTimeMs,
  configAt,
  defaultVersion,
  futureMaxMs,
  type Proposal,
  type ProposalOutcome,
  propose,
} from '../config/versions.ts'
