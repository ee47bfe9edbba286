export { arbitraryEvents, hour, liveLogOf, one, startMs } from './arbitrary-logs.ts'
export { foldLog, recordOf } from './fold-log.ts'
