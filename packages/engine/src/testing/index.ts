export { arbitraryEvents, hour, liveLogOf, one, startMs } from './arbitrary-logs.ts'
export { foldLog, recordOf, startWorker, type TestWorker } from './fold-log.ts'
