/** Closed periods: what is issued of them, and how far they are. */

export {
  type ClosedCause,
  closedCauses,
  type ClosedRecord,
  decodeClosed,
  encodeClosed,
} from '../closed/closed-record.ts'
export { type ClosedTo, decodeClosedTo, encodeClosedTo } from '../closed/closed-to.ts'
export { namedMeasures } from '../closed/named-measures.ts'
export {
  decodeIssuedHead,
  decodeIssues,
  encodeIssuedHead,
  encodeIssues,
  type Issue,
  issuesPerPage,
} from '../closed/issued.ts'
export type { IssuedPeriod, IssuedPeriods } from '../closed/issued-period.ts'
export { reasonsOf, revisionReasons } from '../closed/why.ts'
export { maturityOf } from '../closed/maturing.ts'
