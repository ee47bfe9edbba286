import type { Config } from '@deskpulse/contract'
import { exitCodes, type ExitCode, usageFailure } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import type { Command, Context } from './command.ts'
import { configOf } from './state-config.ts'

const spec: CommandSpec = {
  name: 'rebuild',
  summary:
    'Make the state again from the log: after an update with other folds, a loss, or a change of what has slices.',
  usage: 'deskpulse rebuild (--data-dir DIR | --config FILE) [options]',
  positionals: [],
  options: {
    'data-dir': {
      value: 'DIR',
      help: 'The data directory of an embedded product, which is stopped.',
    },
    config: {
      value: 'FILE',
      help: 'The configuration: by itself that of the services on Kafka and Redis, which may run; with --data-dir that of the embedded product. Default DESKPULSE_CONFIG.',
    },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse rebuild --data-dir .deskpulse',
    'deskpulse rebuild --config deskpulse.yaml',
  ],
}

export const rebuildCommand: Command = { spec, run: rebuild }

async function rebuild(typed: Typed, context: Context): Promise<ExitCode> {
  const folder = typed.text('data-dir')
  const file = typed.text('config') ?? context.env['DESKPULSE_CONFIG'] ?? null
  if (folder === undefined && file === null)
    throw usageFailure('which state? --data-dir .deskpulse or --config deskpulse.yaml')
  const config = await configOf(file, folder === undefined ? 'service' : 'embedded', context)
  const { entries, elapsedMs } = await (folder === undefined
    ? onKafka(config, context)
    : embedded(folder, config, context))
  const seconds = elapsedMs / 1_000
  const rate = seconds > 0 ? Math.round(entries / seconds) : 0
  context.terminal.out(
    `the state was made again from the log\nevents    ${entries}\nseconds   ${seconds.toFixed(2)}\nevents/s  ${rate}\n`,
  )
  return exitCodes.ok
}

// Each is loaded where it is asked for: they are slow to load.

async function embedded(folder: string, config: Config, context: Context) {
  const { rebuildEmbedded } = await import('../rebuild/embedded.ts')
  return rebuildEmbedded({ folder, config }, context)
}

async function onKafka(config: Config, context: Context) {
  const { rebuildInstallation } = await import('../rebuild/installation.ts')
  return rebuildInstallation(config, context)
}
