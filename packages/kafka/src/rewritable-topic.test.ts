import { randomUUID } from 'node:crypto'
import { rewritableTopicContract } from '@deskpulse/stream/contract-suites'
import { afterAll, beforeAll, describe } from 'vitest'
import { startKafka, type TestKafka } from '../../../tests/support/kafka.ts'
import { kafkaEventLog } from './event-log.ts'
import { kafkaRewritableTopic } from './rewritable-topic.ts'

let kafka: TestKafka
beforeAll(async () => void (kafka = await startKafka()), 120_000)
afterAll(() => kafka.stop())

describe('the contract', { timeout: 120_000 }, () => {
  rewritableTopicContract(
    async () => {
      const options = { brokers: kafka.brokers, clientId: 'contract' }
      const name = `contract-${randomUUID()}`
      const log = kafkaEventLog(options)
      await log.ensureTopics([
        {
          name,
          partitions: 1,
          settings: { 'cleanup.policy': 'delete', 'max.message.bytes': '2097152' },
        },
      ])
      await log.close()
      return {
        topic: kafkaRewritableTopic(options, name),
        again: async () => kafkaRewritableTopic(options, name),
      }
    },
    { runs: 5 },
  )
})
