/** KPIs, the families that they belong to, and their values in a window or a period. */

export { type Catalogue, catalogueOf, families, measures, sqlOf } from '../families/catalogue.ts'
export type { SqlTerm } from '../families/sql.ts'
export { contribute } from '../families/contribute.ts'
export type { Sink } from '../families/family.ts'
export { grainsOf } from '../families/grains-of.ts'
export { agentsFor, promisedIn } from '../families/staffing.ts'
export { passThresholdMeasures } from '../families/queues.ts'
export { thresholdMeasures } from '../families/replies.ts'
export type { Kpi, KpiNumber, KpiTerms, KpiUnit, TargetRange } from '../kpis/kpi.ts'
export { describeKpi, type KpiDescription, type KpiValue } from '../kpis/value.ts'
export { type Cell, periodCells } from '../windows/cells.ts'
export {
  evaluate,
  evaluateIssued,
  isNothingStored,
  readingOf,
  issuedIn,
  issuedRecords,
  standingIssue,
} from '../windows/evaluate.ts'
export {
  openTimeKinds,
  openTimeMeasures,
  openTimeMembersMax,
  openTimeMs,
} from '../windows/open-time.ts'
export { partsOf, storedParts } from '../windows/parts.ts'
export {
  isCurrent,
  livePlan,
  periodPlan,
  type ReadingPlan,
  type SliceQuestion,
} from '../windows/plan.ts'
export { type LiveWindow, parseWindow, windowInterval } from '../windows/window.ts'
