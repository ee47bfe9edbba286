#!/usr/bin/env node
import process from 'node:process'
import { systemClock } from './clock.ts'
import { configOf } from './commands/state-config.ts'
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
  input: () => process.stdin,
  connectKafka: async (brokers) => {
    const { kafkaEventLog } = await import('@deskpulse/kafka') // Only where Kafka is asked for: it is slow to load.
    return kafkaEventLog(await clientOf(brokers))
  },
  openKafkaTopic: async (brokers, topic) => {
    const { kafkaRewritableTopic } = await import('@deskpulse/kafka')
    return kafkaRewritableTopic(await clientOf(brokers), topic)
  },
})

/** Brokers that the command line names, and who asks them: as the services say it, by the environment and the file that `DESKPULSE_CONFIG` names. */
async function clientOf(brokers: readonly string[]) {
  const { env } = process
  const { kafka } = await configOf(env['DESKPULSE_CONFIG'] || null, 'embedded', { env })
  return { brokers: [...brokers], ssl: kafka.ssl, sasl: kafka.sasl, clientId: 'deskpulse-cli' }
}
// KafkaJS leaves connections open behind a group that was left: nothing of ours is waiting any more once all is written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
