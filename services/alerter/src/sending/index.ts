export * from './open-sender.ts'
export type * from './sender.ts'
