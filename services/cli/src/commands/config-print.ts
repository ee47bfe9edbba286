import { maskSecrets } from '@deskpulse/contract'
import { exitCodes, type ExitCode } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import type { Command, Context } from './command.ts'
import { configOf } from './state-config.ts'

const spec: CommandSpec = {
  name: 'config print',
  summary: 'Print a configuration as the services use it, without its secrets.',
  usage: 'deskpulse config print FILE [options]',
  positionals: ['FILE'],
  options: {
    embedded: {
      help: 'As npm start reads it: keys for customer ids are made, every tenant is taken.',
    },
    help: { short: 'h', help: 'This text.' },
  },
  examples: ['deskpulse config print deskpulse.yaml'],
}

export const configPrintCommand: Command = { spec, run: print }

async function print(typed: Typed, context: Context): Promise<ExitCode> {
  const start = typed.switched('embedded') ? 'embedded' : 'service'
  const config = await configOf(typed.positionals[0] ?? '', start, context)
  context.terminal.out(`${JSON.stringify(maskSecrets(config), null, 2)}\n`)
  return exitCodes.ok
}
