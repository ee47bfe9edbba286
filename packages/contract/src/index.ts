export * from './config/index.ts'
export * from './entries/index.ts'
export * from './errors/index.ts'
export * from './events/index.ts'
