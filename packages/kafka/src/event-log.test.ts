import { afterAll, beforeAll, describe } from 'vitest'
import { eventLogContract } from '@deskpulse/stream/contract-suites'
import { startKafka } from '../../../tests/support/kafka.ts'
import type { TestKafka } from '../../../tests/support/kafka.ts'
import { kafkaEventLog } from './event-log.ts'
import { deleteRecords } from './testing/loss.ts'

let kafka: TestKafka
beforeAll(async () => void (kafka = await startKafka()), 120_000)
afterAll(() => kafka.stop())

const open = () =>
  kafkaEventLog({
    brokers: kafka.brokers,
    clientId: 'contract',
    heartbeatIntervalMs: 100,
    sessionTimeoutMs: 6_000,
    fetchWaitMs: 50,
  })

describe('the contract', { timeout: 60_000 }, () => {
  eventLogContract(async () => {
    let log = open()
    return {
      log,
      reopen: async () => {
        await log.close()
        log = open()
        return log
      },
      async truncate(topic, partition, before) {
        await deleteRecords(kafka.brokers, topic, partition, before)
        return log
      },
      dispose: async () => {},
    }
  })
})
