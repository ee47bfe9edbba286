import { usageFailure } from '../command-line/failure.ts'
import type { OptionSpec, Typed } from '../command-line/spec.ts'
import { tenantName } from '../command-line/values.ts'
import type { Context } from '../commands/command.ts'
import { configOf } from '../commands/state-config.ts'
import type { Keys, Whose } from './keys.ts'
import { keysOverHttp } from './over-http.ts'

/** Options that say where the keys are. */
export const placeOptions = {
  url: {
    value: 'URL',
    help: 'Ask this HTTP server, e.g. http://127.0.0.1:8080, with the key of DESKPULSE_API_KEY.',
  },
  'data-dir': {
    value: 'DIR',
    help: 'The data directory of an embedded product, which is stopped.',
  },
  config: {
    value: 'FILE',
    help: 'The configuration: by itself that of the services on Kafka, which may run; with --data-dir that of the embedded product. Default DESKPULSE_CONFIG.',
  },
} as const satisfies Record<string, OptionSpec>

export const placeUsage = '(--url URL | --data-dir DIR | --config FILE)'

/** Whose keys: one of them. */
export const whoseOptions = {
  tenant: { value: 'T', help: 'Keys of this tenant.' },
  installation: { help: 'Keys of the installation, which are valid for every tenant.' },
} as const satisfies Record<string, OptionSpec>

export const whoseUsage = '(--tenant T | --installation)'

/** @throws CommandFailure (usage) unless exactly one is named. */
export function whoseOf(typed: Typed): Whose {
  const tenant = typed.text('tenant')
  if ((tenant === undefined) !== typed.switched('installation'))
    throw usageFailure('whose keys? --tenant T or --installation')
  return tenant === undefined ? null : tenantName(tenant)
}

/**
 * Runs `act` with the keys of the place that the options name. `isNew`: an embedded product may be one that was never started.
 * @throws CommandFailure (usage) unless exactly one place is named.
 */
export async function withKeys<Result>(
  typed: Typed,
  context: Context,
  act: (keys: Keys) => Promise<Result>,
  { isNew = false } = {},
): Promise<Result> {
  const [url, folder, named] = Object.keys(placeOptions).map((name) => typed.text(name))
  if (url !== undefined) {
    if (folder !== undefined || named !== undefined)
      throw usageFailure(`--url goes without --${folder === undefined ? 'config' : 'data-dir'}`)
    return act(keysOverHttp(url, context))
  }
  const file = named ?? context.env['DESKPULSE_CONFIG'] ?? null
  if (folder === undefined && file === null)
    throw usageFailure(
      'where? --url http://127.0.0.1:8080, --data-dir .deskpulse or --config deskpulse.yaml',
    )
  const config = await configOf(file, folder === undefined ? 'service' : 'embedded', context)
  const { withKeysIn, withKeysOnKafka } = await import('./in-log.ts') // Slow to load.
  return folder === undefined
    ? withKeysOnKafka({ config, context }, act)
    : withKeysIn(folder, isNew, { config, context }, act)
}
