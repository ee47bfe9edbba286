#!/usr/bin/env node
import process from 'node:process'
import { systemClock } from './clock.ts'
import { deskpulse } from './deskpulse.ts'

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort()) // A second one ends the process at once.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0) // The reader (`| head`) has seen enough.
})

const exitCode = await deskpulse(process.argv.slice(2), {
  terminal: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
  },
  clock: systemClock,
  signal: interrupted.signal,
  env: process.env,
  connectKafka: async (brokers) => {
    const { kafkaEventLog } = await import('@deskpulse/kafka') // Only where Kafka is asked for: it is slow to load.
    return kafkaEventLog({ brokers: [...brokers], clientId: 'deskpulse-cli' })
  },
  openKafkaTopic: async (brokers, topic) => {
    const { kafkaRewritableTopic } = await import('@deskpulse/kafka')
    return kafkaRewritableTopic({ brokers: [...brokers], clientId: 'deskpulse-cli' }, topic)
  },
})
// KafkaJS leaves connections open behind a group that was left: nothing of ours is waiting any more once all is written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
