export * from './errors.ts'
export * from './event-log.ts'
export * from './frame.ts'
export * from './state-store.ts'
