import { usageFailure } from '../command-line/failure.ts'
import type { OptionSpec, Typed } from '../command-line/spec.ts'
import { authorizationOf } from '../send/api-key.ts'
import { httpSender } from '../send/http.ts'
import { logSender } from '../send/kafka.ts'
import type { Sender } from '../send/sender.ts'
import type { Context } from './command.ts'

/** Options of every command that sends events. */
export const destinationOptions = {
  tenant: { value: 'T', help: 'Tenant to which the events go. Required.' },
  url: {
    value: 'URL',
    help: 'Send to this HTTP server, e.g. http://127.0.0.1:8080, with the key of DESKPULSE_API_KEY.',
  },
  brokers: {
    value: 'HOST:PORT[,…]',
    help: 'Send straight to Kafka instead: its bootstrap brokers.',
  },
  'topic-prefix': {
    value: 'PREFIX',
    help: 'Beginning of the topic names; events go to PREFIX.raw. Default deskpulse.',
  },
} as const satisfies Record<string, OptionSpec>

/** @throws CommandFailure (usage) unless exactly one destination is named. */
export async function destinationOf(
  typed: Typed,
  tenant: string,
  context: Context,
): Promise<Sender> {
  const url = typed.text('url')
  const brokers = typed.text('brokers')
  const prefix = typed.text('topic-prefix')
  if (url !== undefined && brokers !== undefined)
    throw usageFailure('--url and --brokers exclude each other')
  if (url !== undefined) {
    if (prefix !== undefined) throw usageFailure('--topic-prefix goes with --brokers')
    return httpSender({ url, tenant, clock: context.clock, headers: authorizationOf(context.env) })
  }
  if (brokers === undefined)
    throw usageFailure('where to? --url http://127.0.0.1:8080 or --brokers host:9092')
  const log = await context.connectKafka(brokerList(brokers))
  return logSender(log, `Kafka ${brokers}`, prefix)
}

/** @throws CommandFailure (usage) */
export function brokerList(text: string): string[] {
  const brokers = text.split(',').map((broker) => broker.trim())
  const wrong = brokers.find((broker) => !/^.+:\d{1,5}$/.test(broker))
  if (wrong !== undefined)
    throw usageFailure(`--brokers must be host:port[,host:port…]; ${JSON.stringify(wrong)} is not`)
  return brokers
}
