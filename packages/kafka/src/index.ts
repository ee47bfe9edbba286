export * from './event-log.ts'
export type { KafkaLogger, KafkaLogLevel } from './client/logger.ts'
export { kafkaRewritableTopic } from './rewritable-topic.ts'
