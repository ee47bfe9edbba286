import { exitCodes, type ExitCode } from '../../command-line/failure.ts'
import type { CommandSpec, Typed } from '../../command-line/spec.ts'
import { tenantName } from '../../command-line/values.ts'
import { placeOptions, placeUsage, withKeys } from '../../keys/place.ts'
import { writeList } from '../../keys/words.ts'
import type { Command, Context } from '../command.ts'

const spec: CommandSpec = {
  name: 'boards list',
  summary: 'List the boards of a tenant that a link opens, the oldest first; never the links.',
  usage: `deskpulse boards list --tenant T ${placeUsage} [options]`,
  positionals: [],
  options: {
    tenant: { value: 'T', help: 'Tenant whose boards are listed. Required.' },
    ...placeOptions,
    json: { help: 'One JSON object a line instead of a table.' },
    help: { short: 'h', help: 'This text.' },
  },
  examples: ['deskpulse boards list --tenant acme --url http://127.0.0.1:8080'],
}

export const listCommand: Command = { spec, run: list }

async function list(typed: Typed, context: Context): Promise<ExitCode> {
  const tenant = tenantName(typed.text('tenant'))
  const boards = await withKeys(typed, context, (keys) => keys.listBoards(tenant))
  writeList(context.terminal, boards, { isJson: typed.switched('json'), noun: 'boards' })
  return exitCodes.ok
}
