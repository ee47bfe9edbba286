import type { Config } from '@deskpulse/contract'
import { type EventLog, topicNames, topicsOf } from '@deskpulse/stream'
import { openEmbeddedLog } from '../rebuild/embedded-log.ts'

/** The log of an embedded product, or of the services on Kafka. */
export type ExportedLog = {
  readonly log: EventLog
  readonly topic: string
  /** The topic that says who was erased. */
  readonly accessTopic: string
}

/** @throws CommandFailure when the folder is of no product, or in use. */
export function logIn(folder: string): ExportedLog {
  const { log: topic, access: accessTopic } = topicNames()
  return { log: openEmbeddedLog(folder, 'export'), topic, accessTopic }
}

export async function logOnKafka(config: Config): Promise<ExportedLog> {
  const { kafkaEventLog } = await import('@deskpulse/kafka') // Slow to load.
  const log = kafkaEventLog({ ...config.kafka, clientId: 'deskpulse-export' })
  const { log: topic, access: accessTopic } = topicsOf(config).names
  return { log, topic, accessTopic }
}
