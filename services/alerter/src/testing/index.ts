export * from './behaviours.ts'
export * from './certificate.ts'
export * from './receivers.ts'
