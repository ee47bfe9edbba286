export * from './state-store.ts'
export * from './event-log.ts'
export type { OpenedLog } from './event-log-bench.ts'
export * from './rewritable-topic.ts'
