export { startAggregator, type AggregatorDeps } from './aggregator.ts'
