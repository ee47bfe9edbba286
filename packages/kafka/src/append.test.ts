import type { PartitionId } from '@deskpulse/stream'
import type { Kafka, ProducerBatch } from 'kafkajs'
import { expect, test } from 'vitest'
import { kafkaAppender } from './append.ts'

/** What a broker says of a record that is larger than it takes. */
class TooLarge extends Error {
  override readonly name = 'KafkaJSProtocolError'
  readonly type = 'MESSAGE_TOO_LARGE'
}

class Away extends Error {
  override readonly name = 'KafkaJSConnectionError'
}

/** Brokers that lead partitions 0, 2 and 1, 3, and answer as the test says; what they were asked. */
function world(answer: (values: readonly string[]) => Error | null = () => null) {
  const requests: (readonly string[])[] = []
  const asked: string[] = []
  const producer = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    sendBatch({ topicMessages = [] }: ProducerBatch) {
      const messages = topicMessages.flatMap(({ topic, messages: all }) => all.map((message) => ({ topicName: topic, ...message })))
      const values = messages.map(({ topicName, partition, value }) => `${topicName}/${partition} ${String(value)}`)
      requests.push(values)
      const error = answer(values)
      return error === null
        ? Promise.resolve(messages.map(({ topicName, partition }) => ({ topicName, partition })))
        : Promise.reject(error)
    },
  }
  const kafka = { producer: () => producer } as unknown as Kafka
  const leaders = (topic: string): Promise<readonly number[]> => {
    asked.push(topic)
    return Promise.resolve([1, 2, 1, 2])
  }
  const appender = kafkaAppender(kafka, { leaders } as unknown as Parameters<typeof kafkaAppender>[1], 'none')
  const append = (partition: number, value: string, topic = 'log'): Promise<void> =>
    appender.append(topic, partition as PartitionId, [{ key: null, value: Buffer.from(value) }])
  return { append, requests, asked }
}

test('appends of one turn are one request to each leader, of all its partitions and topics, in order', async () => {
  const { append, requests } = world()
  await append(0, 'first')
  await Promise.all([append(0, 'a'), append(1, 'b'), append(2, 'c'), append(0, 'd', 'other'), append(0, 'e')])
  expect(requests[0]).toEqual(['log/0 first'])
  expect(requests.slice(1)).toEqual([['log/0 a', 'log/2 c', 'log/0 e', 'other/0 d'], ['log/1 b']])
})

test('what a broker refuses of one append is refused to that one alone', async () => {
  const { append, requests } = world((values) => (values.some((value) => value.endsWith('large')) ? new TooLarge() : null))
  await append(0, 'first')
  const results = await Promise.allSettled([append(0, 'a'), append(2, 'large')])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(results[1]).toMatchObject({ reason: { code: 'LOG_RECORD_TOO_LARGE' } })
  expect(requests.slice(1)).toEqual([['log/0 a', 'log/2 large'], ['log/0 a'], ['log/2 large']])
})

test('after a failure the leaders are asked for again, and all of it is sent again together', async () => {
  let failures = 1
  const { append, requests, asked } = world(() => (failures-- > 0 ? new Away() : null))
  await Promise.all([append(0, 'a'), append(2, 'b')])
  expect(requests).toEqual([
    ['log/0 a', 'log/2 b'],
    ['log/0 a', 'log/2 b'],
  ])
  expect(asked.length).toBeGreaterThan(1)
})

test('a partition that a topic does not have is refused by name', async () => {
  const { append, requests } = world()
  await expect(append(4, 'a')).rejects.toMatchObject({
    code: 'LOG_TOPIC_UNKNOWN',
    message: expect.stringContaining('log has no partition 4'),
  })
  expect(requests).toEqual([])
})
