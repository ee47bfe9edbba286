export * from './open-sender.ts'
export type { Resolve, ResolvedAddress } from './resolve.ts'
export * from './sender.ts'
