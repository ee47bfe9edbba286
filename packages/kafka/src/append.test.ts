import type { PartitionId } from '@deskpulse/stream'
import type { Kafka, ProducerBatch, ProducerConfig } from 'kafkajs'
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

type Answers = {
  readonly sends?: (values: readonly string[]) => Error | null
  readonly leaders?: (topic: string) => Promise<readonly number[]>
}

const led = [1, 2, 1, 2]

/** Brokers that lead partitions 0, 2 and 1, 3, and answer as the test says; what they were asked, by producers that try again and ones that do not. */
function world({ sends = () => null, leaders = () => Promise.resolve(led) }: Answers = {}) {
  const requests: (readonly string[])[] = []
  const again: (readonly string[])[] = []
  const producer = (into: (readonly string[])[]) => ({
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    sendBatch({ topicMessages = [] }: ProducerBatch) {
      const messages = topicMessages.flatMap(({ topic, messages: all }) =>
        all.map((message) => ({ topicName: topic, ...message })),
      )
      const values = messages.map(
        ({ topicName, partition, value }) => `${topicName}/${partition} ${String(value)}`,
      )
      into.push(values)
      const error = sends(values)
      return error === null
        ? Promise.resolve(messages.map(({ topicName, partition }) => ({ topicName, partition })))
        : Promise.reject(error)
    },
  })
  const kafka = {
    producer: ({ retry }: ProducerConfig) => producer(retry?.retries === 0 ? requests : again),
  } as unknown as Kafka
  const appender = kafkaAppender(kafka, { leaders }, 'none')
  const append = (partition: number, value: string, topic = 'log'): Promise<void> =>
    appender.append(topic, partition as PartitionId, [{ key: null, value: Buffer.from(value) }])
  return { append, requests, again }
}

const statuses = (results: readonly PromiseSettledResult<void>[]): string[] =>
  results.map(({ status }) => status)

test('appends of one turn are one request to each leader, of all its partitions and topics', async () => {
  const { append, requests } = world()
  await append(0, 'first')
  await Promise.all([append(0, 'a'), append(1, 'b'), append(2, 'c'), append(0, 'd', 'other')])
  expect(requests).toEqual([['log/0 first'], ['log/0 a', 'log/2 c', 'other/0 d'], ['log/1 b']])
})

test('two appends of one partition are two requests, in order: together they might be larger than a broker takes', async () => {
  const { append, requests } = world()
  await Promise.all([append(0, 'a'), append(0, 'b'), append(2, 'c')])
  expect(requests).toEqual([['log/0 a', 'log/2 c'], ['log/0 b']])
})

test('what a broker refuses of one append is refused to that one alone', async () => {
  const { append, requests, again } = world({
    sends: (values) => (values.some((value) => value.endsWith('large')) ? new TooLarge() : null),
  })
  const results = await Promise.allSettled([append(0, 'a'), append(2, 'large')])
  expect(statuses(results)).toEqual(['fulfilled', 'rejected'])
  expect(results[1]).toMatchObject({ reason: { code: 'LOG_RECORD_TOO_LARGE' } })
  expect([requests, again]).toEqual([[['log/0 a', 'log/2 large']], [['log/0 a'], ['log/2 large']]])
})

test('a partition that fails holds up no other one, and goes alone until it is written', async () => {
  let isAway = true
  const sends = (values: readonly string[]): Error | null =>
    isAway && values.some((value) => value.startsWith('log/2')) ? new Away() : null
  const { append, requests, again } = world({ sends })
  const failing = append(2, 'x')
  await append(0, 'a')
  await append(0, 'b')
  expect(requests).toEqual([['log/2 x', 'log/0 a'], ['log/0 b']])
  isAway = false
  await failing
  expect(again.at(-1)).toEqual(['log/2 x'])
  await Promise.all([append(0, 'c'), append(2, 'y')])
  expect(requests.at(-1)).toEqual(['log/0 c', 'log/2 y'])
})

test('leaders that cannot be asked for again are those that were known', async () => {
  let [asked, isAway] = [0, false]
  const leaders = (): Promise<readonly number[]> => (
    (asked += 1),
    asked === 1 ? Promise.resolve(led) : Promise.reject(new Away())
  )
  const sends = (values: readonly string[]): Error | null =>
    isAway && values.some((value) => value.startsWith('log/3')) ? new Away() : null
  const { append } = world({ sends, leaders })
  await append(0, 'first')
  isAway = true
  const failing = append(3, 'x')
  await append(0, 'a')
  await append(1, 'b')
  isAway = false
  await failing
  expect(asked).toBeGreaterThan(1)
})

test('leaders are asked for once, whoever needs them', async () => {
  let asked = 0
  const { append } = world({ leaders: () => ((asked += 1), Promise.resolve(led)) })
  await Promise.all([append(0, 'a'), append(1, 'b'), append(2, 'c')])
  expect(asked).toBe(1)
})

test('a partition that a topic does not have is refused by name', async () => {
  const { append, requests } = world()
  await expect(append(4, 'a')).rejects.toMatchObject({
    code: 'LOG_TOPIC_UNKNOWN',
    message: expect.stringContaining('log has no partition 4'),
  })
  expect(requests).toEqual([])
})
