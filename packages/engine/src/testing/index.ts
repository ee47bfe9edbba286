export { recordOf } from './fold-log.ts'
