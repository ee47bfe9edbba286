export {
  type ClockChange,
  type FolderTelemetry,
  PartitionFolder,
} from './partition/partition-folder.ts'
export { type BucketDeltas } from './partition/measure-deltas.ts'
