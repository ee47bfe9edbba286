export * from './event-log.ts'
export type { KafkaLogger, KafkaLogLevel } from './client/logger.ts'
export { kafkaKeptMs } from './kept.ts'
export { kafkaRewritableTopic } from './rewritable-topic.ts'
