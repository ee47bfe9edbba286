import { exitCodes, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { newOf, newOptions, scopesOf } from '../../keys/asked.ts'
import {
  placeOptions,
  placeUsage,
  whoseOf,
  whoseOptions,
  whoseUsage,
  withKeys,
} from '../../keys/place.ts'
import { writeCreated } from '../../keys/words.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'keys create',
  summary: 'Make a key, and show it this once.',
  usage: `deskpulse keys create --name N --scopes SCOPE[,…] ${whoseUsage} ${placeUsage} [options]`,
  positionals: [],
  options: {
    name: newOptions.name,
    scopes: {
      value: 'SCOPE[,…]',
      help: 'What may be done with it: some of board, read, ingest, alerts, admin. Required.',
    },
    ...whoseOptions,
    expires: newOptions.expires,
    ...placeOptions,
    json: { help: 'The key in a JSON object, with all that is known of it.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse keys create --name root --scopes admin --installation --data-dir .deskpulse',
    'deskpulse keys create --name connector --scopes ingest --tenant acme --expires 90d --url http://127.0.0.1:8080',
  ],
}

export const createCommand: Command = { spec, run: create }

async function create(typed: Typed, context: Context): Promise<ExitCode> {
  const whose = whoseOf(typed)
  const body = { ...newOf(typed), scopes: scopesOf(typed.text('scopes')) }
  const created = await withKeys(typed, context, (keys) => keys.create(whose, body), {
    isNew: true,
  })
  const isJson = typed.switched('json')
  writeCreated(context.terminal, created, { isJson, secret: created.key, noun: 'key' })
  return exitCodes.ok
}
