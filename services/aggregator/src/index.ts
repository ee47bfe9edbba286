export { aggregatorGroup, startAggregator, type AggregatorDeps } from './aggregator.ts'
