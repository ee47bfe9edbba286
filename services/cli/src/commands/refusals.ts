import { foldRefusalCodes, nearest, type RefusalsResponse } from '@deskpulse/contract'
import { exitCodes, usageFailure, type ExitCode } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import { tenantAddress, tenantName, wholeNumber } from '../command-line/values.ts'
import { tableOf } from '../output/table.ts'
import { ask } from '../send/ask.ts'
import type { Command, Context } from './command.ts'

const rowsMax = 1_000

const refusalsSpec: CommandSpec = {
  name: 'refusals',
  summary:
    'List what was accepted and does not count, with the reason: the last 1,000 refusals of a tenant.',
  usage: 'deskpulse refusals --tenant T --url URL [options]',
  positionals: [],
  options: {
    tenant: { value: 'T', help: 'Tenant whose refusals are listed. Required.' },
    url: {
      value: 'URL',
      help: 'The HTTP server that is asked, e.g. http://127.0.0.1:8080. Required.',
    },
    code: { value: 'CODE', help: 'Only refusals of this code, e.g. id-conflict. Default: all.' },
    source: { value: 'URI', help: 'Only refusals of events of this source. Default: all.' },
    limit: { value: 'N', help: 'At most so many, the newest ones, 1 to 1000. Default 100.' },
    json: { help: 'One JSON object a line, as the API gives it, instead of a table.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse refusals --tenant acme --url http://127.0.0.1:8080',
    'deskpulse refusals --tenant acme --url http://127.0.0.1:8080 --code id-conflict --source /chat --json',
  ],
}

export const refusalsCommand: Command = { spec: refusalsSpec, run: listRefusals }

async function listRefusals(typed: Typed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const question = { address: addressOf(typed), needed: 'read', of: 'refusals' }
  const answer = await ask(question, listOf, context)
  if (typed.switched('json'))
    for (const row of answer.rows) terminal.out(`${JSON.stringify(row)}\n`)
  else terminal.out(inWords(answer))
  return exitCodes.ok
}

function addressOf(typed: Typed): string {
  const url = typed.text('url')
  const tenant = tenantName(typed.text('tenant'))
  if (url === undefined)
    throw usageFailure('--url is missing: the server that is asked, e.g. http://127.0.0.1:8080')
  const query = new URLSearchParams({
    limit: String(wholeNumber('limit', typed.text('limit') ?? '100', 1, rowsMax)),
  })
  const [code, source] = [typed.text('code'), typed.text('source')]
  if (code !== undefined) query.set('code', knownCode(code))
  if (source !== undefined) query.set('source', source)
  return `${tenantAddress(url, tenant, 'refusals')}?${query.toString()}`
}

function knownCode(code: string): string {
  const known = Object.keys(foldRefusalCodes)
  if (known.includes(code)) return code
  const near = nearest(code, known)
  throw usageFailure(
    `--code must be one of ${known.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`,
  )
}

/** `null`: no list of refusals. */
function listOf(body: unknown): RefusalsResponse | null {
  const answer = body as RefusalsResponse | null | undefined
  return Array.isArray(answer?.rows) ? answer : null
}

const heads = ['at', 'code', 'source', 'id', 'type', 'time', 'place', 'reason']

function inWords({ rows, count, total }: RefusalsResponse): string {
  const cells = rows.map(({ at, code, source, id, type, time, place, reason }) => {
    const { partition, offset, index } = place
    return [
      at,
      code,
      source ?? '-',
      id ?? '-',
      type ?? '-',
      time ?? '-',
      `${partition}/${offset}/${index}`,
      reason,
    ]
  })
  return `${rows.length === 0 ? '' : tableOf(heads, cells)}${rows.length} of ${count} listed; ${total} refused since the log began\n`
}
