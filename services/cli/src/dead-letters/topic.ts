import { statSync } from 'node:fs'
import { join } from 'node:path'
import { boundedTopic, deadLettersFile, type RewritableTopic, topicNames } from '@deskpulse/stream'
import { CommandFailure, usageFailure } from '../command-line/failure.ts'
import type { OptionSpec, Typed } from '../command-line/spec.ts'
import type { Context } from '../commands/command.ts'
import { brokerList } from '../commands/destination.ts'

/** Options that say where the letters are. */
export const topicOptions = {
  'data-dir': {
    value: 'DIR',
    help: 'The data directory of the embedded product, which may be running.',
  },
  brokers: { value: 'HOST:PORT[,…]', help: 'Bootstrap brokers of Kafka.' },
  'topic-prefix': {
    value: 'PREFIX',
    help: 'Beginning of the topic names; letters are in PREFIX.dead-letter. Default deskpulse.',
  },
} as const satisfies Record<string, OptionSpec>

/** Runs `act` with the dead-letter topic. @throws CommandFailure (usage) unless exactly one place is named. */
export async function withDeadLetters<Result>(
  typed: Typed,
  context: Context,
  act: (topic: RewritableTopic) => Promise<Result>,
): Promise<Result> {
  const topic = await open(typed, context)
  try {
    return await act(topic)
  } finally {
    await topic.close()
  }
}

async function open(typed: Typed, context: Context): Promise<RewritableTopic> {
  const [dataDir, brokers, prefix] = Object.keys(topicOptions).map((name) => typed.text(name))
  if (dataDir !== undefined && brokers !== undefined)
    throw usageFailure('--data-dir and --brokers exclude each other')
  if (brokers !== undefined)
    return context.openKafkaTopic(brokerList(brokers), topicNames(prefix).deadLetter)
  if (dataDir === undefined)
    throw usageFailure('whose dead letters? --data-dir .deskpulse or --brokers host:9092')
  if (prefix !== undefined) throw usageFailure('--topic-prefix goes with --brokers')
  const file = join(dataDir, deadLettersFile)
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new CommandFailure(
      `${file} does not exist: is ${dataDir} the data directory of a product that was started?`,
    )
  }
  return boundedTopic({ file })
}
