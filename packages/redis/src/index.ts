export { type Generations, redisGenerations } from './generations.ts'
export type { RedisStateStoreOptions } from './options.ts'
export { redisStateStore } from './redis-state-store.ts'
