export { type Ingest, type IngestDeps, startIngest } from './ingest.ts'
export { continued, type KeyFault } from './intake/known-keys.ts'
export { type IngestMetrics, metricsOf, noMetrics } from './intake/metrics.ts'
export {
  type CustomerKeys,
  type KeysOf,
  keysOfConfig,
  pseudonymsOf,
  withoutStaying,
} from './intake/pseudonym.ts'
export { tenantDirectory, type TenantDirectory } from './intake/tenants.ts'
export { proposalTelemetry } from './proposals/telemetry.ts'
