export { type Ingest, type IngestDeps, startIngest } from './ingest.ts'
export { type IngestMetrics, metricsOf, noMetrics } from './intake/metrics.ts'
export { type KeyOf, keysOfConfig } from './intake/pseudonym.ts'
