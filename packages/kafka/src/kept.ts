import kafkajs from 'kafkajs'
import { type TopicAdmin } from './topics.ts'
import { withAdmin } from './client/admin.ts'
import { kafkaClient, type KafkaClientOptions } from './client/client.ts'
import { logError } from './errors.ts'

/**
 * How long a record may stay in a topic, in ms; `null`: for good. Kafka removes a segment as a whole, once its last record is old enough; how often it looks, some minutes, is not in it.
 * @throws DeskpulseError LOG_UNAVAILABLE
 */
export async function kafkaKeptMs(
  options: KafkaClientOptions,
  topic: string,
): Promise<number | null> {
  try {
    return await withAdmin(kafkaClient(options), (admin) => keptMs(admin, topic))
  } catch (error) {
    throw logError(error, 'how long a topic is kept')
  }
}

export async function keptMs(
  admin: Pick<TopicAdmin, 'describeConfigs'>,
  topic: string,
): Promise<number | null> {
  const configNames = ['retention.ms', 'segment.ms']
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames }],
  })
  const entries = resources[0]?.configEntries ?? []
  const [retentionMs, segmentMs] = configNames.map((name) =>
    Number(entries.find(({ configName }) => configName === name)?.configValue ?? -1),
  )
  return retentionMs! < 0 ? null : retentionMs! + Math.max(0, segmentMs!)
}
