export { startAggregator, type AggregatorDeps } from './aggregator.ts'
export { type Rebuild, startRebuild, type RebuildDeps, type RebuildProgress } from './rebuild/rebuild.ts'
