import kafkajs from 'kafkajs'
import type { Admin } from 'kafkajs'
import { withAdmin } from '../client/admin.ts'

const asked = <Answer>(
  brokers: readonly string[],
  act: (admin: Admin) => Promise<Answer>,
): Promise<Answer> =>
  withAdmin(new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }), act)

/** Takes the records of a partition before an offset away at once, as retention does after a while. */
export async function deleteRecords(
  brokers: readonly string[],
  topic: string,
  partition: number,
  before: number,
): Promise<void> {
  await asked(brokers, async (admin) => {
    await admin.fetchTopicOffsets(topic) // KafkaJS learns of the topic by it.
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] })
  })
}

export async function deleteTopic(brokers: readonly string[], topic: string): Promise<void> {
  await asked(brokers, (admin) => admin.deleteTopics({ topics: [topic] }))
}

export async function hasTopic(brokers: readonly string[], topic: string): Promise<boolean> {
  return (await asked(brokers, (admin) => admin.listTopics())).includes(topic)
}
