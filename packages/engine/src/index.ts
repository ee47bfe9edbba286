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
export { Tenant } from './partition/tenant.ts'
export {
  endOf,
  MemoryStore,
  offsetAt,
  OwnRecords,
  type Replayed,
  replayLog,
  replayTopics,
  TenantReplay,
  TenantRows,
  type ToldRow,
} from './replay/index.ts'
