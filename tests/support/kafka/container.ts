import { getContainerRuntimeClient, Wait } from 'testcontainers'
import type { TestKafka } from '../kafka.ts'
import { LoopbackContainer } from '../loopback-container.ts'
import { brokerSettings } from './broker-settings.ts'
import { freePorts } from './free-ports.ts'
import { untilAnswers } from './until-answers.ts'
import { kafkaVersion } from './version.ts'

/** Apache Kafka's own image, its port on 127.0.0.1; or why there is none (no Docker engine, no image to be had). */
export async function containerKafka(): Promise<
  { readonly kafka: TestKafka } | { readonly kafka: null; readonly reason: unknown }
> {
  try {
    await getContainerRuntimeClient()
    return { kafka: await start() }
  } catch (reason) {
    return { kafka: null, reason }
  }
}

const containerPort = 9092

async function start(): Promise<TestKafka> {
  const [port] = await freePorts(2)
  const container = await new LoopbackContainer(`apache/kafka:${kafkaVersion()}`)
    .withExposedPorts({ container: containerPort, host: port })
    .withEnvironment(environment(port))
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start()
  await untilAnswers(port, () => true)
  return {
    brokers: [`127.0.0.1:${port}`],
    restart: async () => {
      await container.restart({ timeout: 0 })
      await untilAnswers(port, () => true)
    },
    stop: async () => void (await container.stop()),
  }
}

/** The image takes `some.setting` as KAFKA_SOME_SETTING. */
function environment(port: number): Record<string, string> {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': '1@localhost:9093',
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://:${containerPort},CONTROLLER://localhost:9093`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    ...brokerSettings,
  }
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  )
}
