import { exitCodes, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { idOf } from '../../keys/asked.ts'
import {
  placeOptions,
  placeUsage,
  whoseOf,
  whoseOptions,
  whoseUsage,
  withKeys,
} from '../../keys/place.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'keys revoke',
  summary: 'Revoke a key for good, in every process within a second.',
  usage: `deskpulse keys revoke ID ${whoseUsage} ${placeUsage} [options]`,
  positionals: ['ID'],
  options: { ...whoseOptions, ...placeOptions, help: { short: 'h', help: 'This text.' } },
  examples: [
    'deskpulse keys revoke 0123456789ab --tenant acme --url http://127.0.0.1:8080',
    'deskpulse keys revoke 0123456789ab --installation --config deskpulse.yaml',
  ],
}

export const revokeCommand: Command = { spec, run: revoke }

async function revoke(typed: Typed, context: Context): Promise<ExitCode> {
  const [whose, id] = [whoseOf(typed), idOf(typed.positionals[0] ?? '')]
  await withKeys(typed, context, (keys) => keys.revoke(whose, id))
  context.terminal.out(`key ${id} is revoked\n`)
  return exitCodes.ok
}
