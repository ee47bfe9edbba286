import { exitCodes, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { tenantName } from '../../command-line/values.ts'
import { idOf } from '../../keys/asked.ts'
import { placeOptions, placeUsage, withKeys } from '../../keys/place.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'boards revoke',
  summary: 'Revoke the link of a board for good: screens that have it show nothing any more.',
  usage: `deskpulse boards revoke ID --tenant T ${placeUsage} [options]`,
  positionals: ['ID'],
  options: {
    tenant: { value: 'T', help: 'Tenant whose board it is. Required.' },
    ...placeOptions,
    help: { short: 'h', help: 'This text.' },
  },
  examples: ['deskpulse boards revoke 0123456789ab --tenant acme --url http://127.0.0.1:8080'],
}

export const revokeCommand: Command = { spec, run: revoke }

async function revoke(typed: Typed, context: Context): Promise<ExitCode> {
  const [tenant, id] = [tenantName(typed.text('tenant')), idOf(typed.positionals[0] ?? '')]
  await withKeys(typed, context, (keys) => keys.revokeBoard(tenant, id))
  context.terminal.out(`board ${id} is revoked\n`)
  return exitCodes.ok
}
