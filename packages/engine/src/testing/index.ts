export { arbitraryEvents, hour, liveLogOf, one, startMs } from './arbitrary-logs.ts'
export { foldLog, recordOf, recordOfEntries, startWorker, type TestWorker } from './fold-log.ts'
