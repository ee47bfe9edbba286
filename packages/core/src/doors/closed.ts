/** Closed periods: what is issued of them, and how far they are. */

export {
  type ClosedCause,
  closedCauses,
  type ClosedRecord,
  decodeClosed,
  encodeClosed,
} from '../closed/closed-record.ts'
export { type ClosedTo, decodeClosedTo, encodeClosedTo } from '../closed/closed-to.ts'
export { type NamedDurations, type NamedMeasures, namedMeasures } from '../closed/named-measures.ts'
export {
  decodeIssuedHead,
  decodeIssues,
  encodeIssuedHead,
  encodeIssues,
  type Issue,
  type IssuedHead,
  issuesPerPage,
} from '../closed/issued.ts'
export { reasonsOf, type RevisionReason, revisionReasons } from '../closed/why.ts'
