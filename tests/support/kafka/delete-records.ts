import kafkajs from 'kafkajs'

/** Takes the records of a partition before an offset away at once, as retention does after a while. */
export async function deleteRecords(brokers: readonly string[], topic: string, partition: number, before: number): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await admin.fetchTopicOffsets(topic) // KafkaJS learns of the topic by it.
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] })
  } finally {
    await admin.disconnect()
  }
}
