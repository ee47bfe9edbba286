/** KPIs, the families that they belong to, and their values in a window or a period. */

export { type Catalogue, catalogueOf, families, measures, sqlOf } from '../families/catalogue.ts'
export type { SqlTerm } from '../families/sql.ts'
export { contribute, contributeChange } from '../families/contribute.ts'
export type { Sink } from '../families/family.ts'
export { grainsOf } from '../families/grains-of.ts'
export { agentsFor, promisedIn } from '../families/staffing.ts'
export { passThresholdMeasures } from '../families/queues.ts'
export { thresholdMeasures } from '../families/replies.ts'
export { type Booking, bookings, measureBy } from '../kpis/booking.ts'
export {
  type Kpi,
  type KpiNumber,
  type DistinctShare,
  kpiBases,
  type KpiTerms,
  type KpiUnit,
  openMembersMax,
  type TargetRange,
} from '../kpis/kpi.ts'
export { namedIn } from '../kpis/named-periods.ts'
export { type Asked, describeKpi, type KpiDescription, type KpiValue } from '../kpis/value.ts'
export { type Cell, periodCells } from '../windows/cells.ts'
export {
  evaluate,
  evaluateIssued,
  isNothingStored,
  readingOf,
  issuedIn,
  issuedRecord,
  issuedRecords,
  openTogether,
  standingIssue,
} from '../windows/evaluate.ts'
export { openTime, openTimeKinds } from '../windows/open-time.ts'
export { partsOf, storedParts } from '../windows/parts.ts'
export {
  isOneSlice,
  type SliceSource,
  sourcesAt,
  leftOutOf,
  sourcesOf,
  wholeSlice,
} from '../windows/sources.ts'
export { noRosters, Rosters } from '../rosters/rosters.ts'
export {
  isCurrent,
  issuedPartKey,
  livePlan,
  periodPlan,
  type ReadingPlan,
  type SliceQuestion,
} from '../windows/plan.ts'
export { type LiveWindow, parseWindow, windowInterval } from '../windows/window.ts'
