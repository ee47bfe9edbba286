export * from './access.ts'
export * from './alerts/index.ts'
export {
  type AppealBody,
  appealBody,
  appealPath,
  type AppealResponse,
  type AppealsQuery,
  appealsQuery,
  type AppealsResponse,
  appealsSchema,
  type AppealState,
  type AppealTakenResponse,
  appealTakenSchema,
  type DecisionBody,
  decisionBody,
} from './appeals.ts'
export { erasureBody, erasureQuery, type ErasureResponse, erasureSchema } from './erasures.ts'
export {
  type AcceptedResponse,
  acceptedSchema,
  eventBodies,
  refusalsListedMax,
  type Refused,
} from './events-in.ts'
export {
  importBody,
  type ImportedResponse,
  importedSchema,
  type ImportError,
  importErrorsListedMax,
  importPath,
  importQuery,
  type ImportsResponse,
  importsSchema,
  importTemplate,
  importTemplateQuery,
} from './imports.ts'
export {
  agentScorePath,
  closedQuery,
  explainQuery,
  intradayQuery,
  kpisQuery,
  liveQuery,
  type Period,
  periods,
  periodsQuery,
  refusalsQuery,
  scoreCardPath,
  scoreCardsQuery,
  scoresQuery,
  slicesQuery,
  tenantPath,
  agentPath,
  agentsQuery,
  agentTimelineQuery,
  waitingQuery,
  type WhereOperator,
} from './parameters.ts'
export {
  type FieldError,
  parseBody,
  type ParsedParameters,
  parseParameters,
  type Problem,
  problemMediaType,
  problemOf,
  problemSchema,
} from './problem.ts'
export * from './responses/index.ts'
