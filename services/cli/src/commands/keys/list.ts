import { exitCodes, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import {
  placeOptions,
  placeUsage,
  whoseOf,
  whoseOptions,
  whoseUsage,
  withKeys,
} from '../../keys/place.ts'
import { writeList } from '../../keys/words.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'keys list',
  summary: 'List keys, the oldest first; never their secrets.',
  usage: `deskpulse keys list ${whoseUsage} ${placeUsage} [options]`,
  positionals: [],
  options: {
    ...whoseOptions,
    ...placeOptions,
    json: { help: 'One JSON object a line instead of a table.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse keys list --tenant acme --url http://127.0.0.1:8080',
    'deskpulse keys list --installation --config deskpulse.yaml --json',
  ],
}

export const listCommand: Command = { spec, run: list }

async function list(typed: Typed, context: Context): Promise<ExitCode> {
  const whose = whoseOf(typed)
  const found = await withKeys(typed, context, (keys) => keys.list(whose))
  writeList(context.terminal, found, { isJson: typed.switched('json'), noun: 'keys' })
  return exitCodes.ok
}
