export { startAggregator, type AggregatorDeps } from './aggregator.ts'
export { type Rebuild, type RebuildDeps, startRebuild } from './rebuild/rebuild.ts'
