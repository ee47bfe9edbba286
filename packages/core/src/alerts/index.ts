export * from './deadline.ts'
export * from './rule.ts'
export * from './transition.ts'
