import { containerKafka } from './kafka/container.ts'
import { processKafka } from './kafka/process.ts'

export type TestKafka = {
  readonly brokers: readonly string[]
  /** Ends it and removes its data; a broker given by the environment is left alone. Safe to call twice. */
  stop(): Promise<void>
  /** Ends it hard and starts it again with its data and port; `undefined` for a broker that is not ours to restart. */
  readonly restart?: () => Promise<void>
}

/** Endpoints of a Kafka to use instead of starting one: `host:port`, comma-separated. */
const brokersVariable = 'DESKPULSE_TEST_KAFKA_BROKERS'

/**
 * A real Apache Kafka 4 for tests, answering: the one that the environment names, else a container where a Docker engine answers,
 * else a local process (Java and Maven). Data and ports are its own.
 * @throws when none can be had, with what to install.
 */
export async function startKafka(): Promise<TestKafka> {
  const given = process.env[brokersVariable]
  if (given)
    return { brokers: given.split(',').map((broker) => broker.trim()), stop: async () => {} }
  const container = await containerKafka()
  if (container.kafka) return container.kafka
  return processKafka().catch((error: unknown) => {
    throw new AggregateError(
      [container.reason, error],
      'no real Kafka for tests: neither a container nor a local process could be started',
    )
  })
}
