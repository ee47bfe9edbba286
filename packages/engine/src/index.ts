export {
  type ClockChange,
  type FolderTelemetry,
  PartitionFolder,
} from './partition/partition-folder.ts'
export { type BucketDeltas } from './partition/measure-deltas.ts'
export {
  agentDaysIn,
  agentDaysKey,
  agentTimeline,
  type DaysOfAgent,
  timelineKeys,
} from './reading/agent-timeline.ts'
export {
  type Buckets,
  type Contribution,
  contributionOf,
  type Place,
  weightsOf,
} from './reading/contributions.ts'
export { canTell, readSubject, storedKeys, type StoredSubject } from './reading/subject-reader.ts'
export { subjectDaysIn } from './partition/subject-days.ts'
export { Tenant } from './partition/tenant.ts'
export {
  endOf,
  type LogPart,
  MemoryStore,
  offsetAt,
  OwnRecords,
  pagesFrom,
  type Replayed,
  replayLog,
  replayTopics,
  TenantReplay,
  TenantRows,
  type ToldRow,
} from './replay/index.ts'
