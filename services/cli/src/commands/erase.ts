import { type ErasureResponse, erasureBody, erasureSchema } from '@deskpulse/contract'
import { exitCodes, usageFailure, type ExitCode } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import { tenantAddress, tenantName } from '../command-line/values.ts'
import { counted, unreadableNote } from '../dead-letters/words.ts'
import { ask } from '../send/ask.ts'
import type { Command, Context } from './command.ts'

const spec: CommandSpec = {
  name: 'erase',
  summary: 'Erase a customer: answers no longer name them. Values stay as they are.',
  usage: 'deskpulse erase --customer ID --tenant T --url URL [options]',
  positionals: [],
  options: {
    customer: {
      value: 'ID',
      help: 'The customer, by the id that sources send; -: the first line of the standard input, so that the id does not stay in the history of the shell. Required.',
    },
    tenant: { value: 'T', help: 'Tenant whose customer it is. Required.' },
    url: {
      value: 'URL',
      help: 'The HTTP server of ingest, e.g. http://127.0.0.1:8080. Required.',
    },
    'dry-run': { help: 'Changes nothing, and says how many dead letters would be removed.' },
    json: { help: 'The answer of the server, as JSON.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse erase --customer u-1 --tenant acme --url http://127.0.0.1:8080 --dry-run',
    'deskpulse erase --customer - --tenant acme --url http://127.0.0.1:8080 < customer.txt',
  ],
}

export const eraseCustomerCommand: Command = { spec, run: erase }

async function erase(typed: Typed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const tenant = tenantName(typed.text('tenant'))
  const address = addressOf(typed, tenant)
  const body = { customerId: await customerOf(typed, context) }
  const needed = `admin, of ${tenant} or of the installation`
  const question = { address, method: 'POST', body, needed, of: 'an erasure' } as const
  const answer = await ask(
    question,
    (given) => erasureSchema.safeParse(given).data ?? null,
    context,
  )
  if (typed.switched('json')) terminal.out(`${JSON.stringify(answer)}\n`)
  else terminal.out(inWords(answer))
  terminal.err(unreadableNote(answer.unreadable))
  return exitCodes.ok
}

function addressOf(typed: Typed, tenant: string): string {
  const url = typed.text('url')
  if (url === undefined)
    throw usageFailure('--url is missing: the server of ingest, e.g. http://127.0.0.1:8080')
  const address = tenantAddress(url, tenant, 'erasures')
  return typed.switched('dry-run') ? `${address}?dryRun=true` : address
}

/** @throws CommandFailure (usage), which does not have the id */
async function customerOf(typed: Typed, context: Context): Promise<string> {
  const typedId = typed.text('customer')
  if (typedId === undefined)
    throw usageFailure('--customer is missing: an id, or - for the first line of the input')
  const customerId = typedId === '-' ? await firstLineOf(context.input()) : typedId
  if (!erasureBody.safeParse({ customerId }).success)
    throw usageFailure('--customer must be 1 to 256 characters, none of them a control character')
  return customerId
}

const lineBytesMax = 64 * 1024

/** As it is, without its line break. */
async function firstLineOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of input) {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.includes('\n') || bytes.length > lineBytesMax) break
  }
  return bytes.toString('utf8').split(/\r?\n/, 1)[0]!
}

function inWords({ dryRun, shownAs, deadLetters, raw }: ErasureResponse): string {
  const words = shownAs.join(', ')
  const lines = dryRun
    ? [
        `would remove ${counted(deadLetters, 'dead letter')}`,
        words === ''
          ? 'the customer is not erased yet'
          : `the customer is shown as ${words} already`,
      ]
    : [
        `the customer is shown as ${words} from now on`,
        `removed ${counted(deadLetters, 'dead letter')}`,
      ]
  if (raw !== null)
    lines.push(`the raw topic may have what sources sent of them until ${raw.until}`)
  return lines.map((line) => `${line}\n`).join('')
}
