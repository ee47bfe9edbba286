import { identityOf } from '@deskpulse/contract'
import type { RewritableTopic } from '@deskpulse/stream'
import { exitCodes, usageFailure, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { type Filter, filterOf, filterOptions } from '../../dead-letters/filter.ts'
import { type Destination, outgoing, type SoFar } from '../../dead-letters/outgoing.ts'
import { type FoundLetter, lettersOf, replaysOf } from '../../dead-letters/reading.ts'
import { type Resent, resentOf } from '../../dead-letters/resend.ts'
import { topicOptions, withDeadLetters } from '../../dead-letters/topic.ts'
import { counted, unreadableNote } from '../../dead-letters/words.ts'
import { authorizationOf } from '../../send/api-key.ts'
import { refusedTotal } from '../../send/sender.ts'
import type { Command, Context } from '../command.ts'
import { brokerList } from '../destination.ts'

const spec: CommandSpec = {
  name: 'dead-letters replay',
  summary: 'Send refused inputs again, once what was wrong is mended.',
  usage:
    'deskpulse dead-letters replay (--data-dir DIR --url URL | --brokers HOST:PORT[,…] [--url URL]) [options]',
  positionals: [],
  options: {
    ...topicOptions,
    url: {
      value: 'URL',
      help: 'Send to this HTTP server, e.g. http://127.0.0.1:8080. Default, of Kafka: to the topic PREFIX.raw.',
    },
    ...filterOptions,
    'dry-run': { help: 'Sends nothing, and says what would be sent.' },
    again: { help: 'Sends also letters that were replayed before, such as those that came back.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse dead-letters replay --data-dir .deskpulse --url http://127.0.0.1:8080 --code unknown-type --dry-run',
    'deskpulse dead-letters replay --brokers kafka:9092 --code unknown-tenant --tenant acme',
  ],
}

export const replayCommand: Command = { spec, run: replay }

async function replay(typed: Typed, context: Context): Promise<ExitCode> {
  const filter = filterOf(typed)
  const isDry = typed.switched('dry-run')
  const [url, brokers] = [typed.text('url'), typed.text('brokers')]
  if (url === undefined && brokers === undefined && !isDry)
    throw usageFailure('where to? --url http://127.0.0.1:8080')
  return withDeadLetters(typed, context, async (topic) => {
    const chosen = choose(
      topic,
      { filter, overHttp: url !== undefined, again: typed.switched('again') },
      context.signal,
    )
    if (isDry) return preview(chosen, context)
    const destination = await destinationOf(url, brokers, typed.text('topic-prefix'), context)
    try {
      return await send(chosen, topic, destination, context)
    } finally {
      if (destination.kind === 'raw') await destination.log.close()
    }
  })
}

async function destinationOf(
  url: string | undefined,
  brokers: string | undefined,
  prefix: string | undefined,
  context: Context,
): Promise<Destination> {
  if (url !== undefined) return { kind: 'http', url, headers: authorizationOf(context.env) }
  const log = await context.connectKafka(brokerList(brokers ?? ''))
  return { kind: 'raw', log, ...(prefix === undefined ? {} : { prefix }) }
}

type Choice = { readonly filter: Filter; readonly overHttp: boolean; readonly again: boolean }
/** Why a letter is not sent, in words; equal ones are sent once. */
type Left =
  | 'replayed before; --again sends them'
  | 'cut: only their beginning is kept'
  | 'no JSON'
  | 'no events'
  | 'of no tenant; --url needs one'
type Chosen = {
  readonly letters: AsyncIterable<{ readonly found: FoundLetter; readonly resent: Resent }>
  report(): string
}

const leftBecause = {
  cut: 'cut: only their beginning is kept',
  'no JSON': 'no JSON',
  'no event': 'no events',
} as const

/** The letters that are to be sent, each identity once. `report`, afterwards: what is left out, and why. */
function choose(
  topic: RewritableTopic,
  { filter, overHttp, again }: Choice,
  signal: AbortSignal,
): Chosen {
  const left = new Map<Left, number>()
  let unreadable = 0
  const leave = (why: Left): void => void left.set(why, (left.get(why) ?? 0) + 1)

  async function* letters() {
    const replays = await replaysOf(topic, signal)
    const seen = new Set<string>()
    for await (const found of lettersOf(topic, signal, () => unreadable++)) {
      if (!filter.matches(found.letter)) continue
      const identity = identityOf(found.letter)
      if (seen.has(identity)) continue
      seen.add(identity)
      const resent = resentOf(found.letter)
      if (typeof resent === 'string') leave(leftBecause[resent])
      else if (!again && replays(found.letter) > 0) leave('replayed before; --again sends them')
      else if (overHttp && resent.tenant === null) leave('of no tenant; --url needs one')
      else yield { found, resent }
    }
  }

  return {
    letters: letters(),
    report: () =>
      [...left].map(([why, count]) => `not sent  ${counted(count, 'letter')}: ${why}\n`).join('') +
      unreadableNote(unreadable),
  }
}

async function preview(
  { letters, report }: Chosen,
  { terminal, signal }: Context,
): Promise<ExitCode> {
  const counts = new Map<string, number>()
  for await (const { found } of letters) {
    const { code, tenant } = found.letter
    const name = `${code} of ${tenant ?? 'no tenant'}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const total = counts.values().reduce((sum, count) => sum + count, 0)
  const lines = [...counts].map(([name, count]) => `  ${count} ${name}\n`)
  terminal.out(`would send ${counted(total, 'letter')}\n${lines.join('')}${report()}`)
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok
}

async function send(
  { letters, report }: Chosen,
  topic: RewritableTopic,
  destination: Destination,
  { terminal, clock, signal }: Context,
): Promise<ExitCode> {
  const out = outgoing(topic, destination, clock, signal)
  try {
    for await (const { found, resent } of letters) await out.add(found, resent)
    await out.finish()
  } finally {
    terminal.out(inWords(out.soFar(), destination) + report()) // Also before an error: what was sent stays sent.
  }
  if (signal.aborted) return exitCodes.interrupted
  const { result, notSentByCode } = out.soFar()
  return refusedTotal(result) > 0 || notSentByCode.size > 0 ? exitCodes.failed : exitCodes.ok
}

function inWords({ result, notSentByCode }: SoFar, { kind }: Destination): string {
  if (kind === 'raw')
    return `sent      ${result.accepted}; what is refused again comes back as a letter\n`
  const codes = [...result.refusedByCode].map(([code, count]) => `${code} ${count}`).join(', ')
  const notSent = [...notSentByCode].map(
    ([code, count]) => `not sent  ${counted(count, 'letter')}: their tenant is refused: ${code}\n`,
  )
  const refused = `${refusedTotal(result)}${codes === '' ? '' : ` (${codes}): they are letters again`}`
  return `accepted  ${result.accepted}\nrefused   ${refused}\n${notSent.join('')}`
}
