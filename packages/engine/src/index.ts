export {
  type ClockChange,
  type FolderTelemetry,
  PartitionFolder,
} from './partition/partition-folder.ts'
export { type BucketDeltas } from './partition/measure-deltas.ts'
export {
  type Buckets,
  type Contribution,
  contributionOf,
  type Place,
  termsOf,
} from './reading/contributions.ts'
export { canTell, readSubject, storedKeys, type StoredSubject } from './reading/subject-reader.ts'
export { subjectDaysIn } from './partition/subject-days.ts'
export { Tenant } from './partition/tenant.ts'
export {
  type LogPart,
  MemoryStore,
  offsetAt,
  type OwnRecord,
  OwnRecords,
  pagesFrom,
  type Replayed,
  type ReplayBounds,
  replayLog,
  type ReplayProgress,
  replayTopics,
  TenantReplay,
  type TenantReplayOptions,
  TenantRows,
  type ToldRow,
} from './replay/index.ts'
