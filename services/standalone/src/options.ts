import { parseArgs } from 'node:util'
import { secondOf } from './instant.ts'

export type Options = {
  /** `null`: the configuration's. */
  readonly host: string | null
  /** 0 = any free one; `null`: the configuration's. */
  readonly port: number | null
  readonly dataDir: string
  readonly configFile: string | null
  readonly simulator: boolean
  /** The key that customers are hidden under is lost for good: another one takes its place. */
  readonly newCustomersKey: boolean
  /** From then on another key hides customers, and this one those of the time before; `null`: it stays. */
  readonly rotateCustomersKeyMs: number | null
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'bad'; readonly message: string }

export const usage = `Deskpulse in one process: log, store, live KPIs and wallboard.

npm start -- [options]

  --port N          where to listen; 0 = any free port (default 8080)
  --host ADDRESS    (default 127.0.0.1: this machine alone)
  --data-dir DIR    where everything is kept (default .deskpulse)
  --config FILE     tenants and settings, YAML (docs/configuration.md)
  --no-simulator    without the simulated contact center, tenant "demo"
  --new-customers-key
                    customers.key is lost for good: known customers come back as new
  --rotate-customers-key INSTANT
                    from then on (2026-03-01T00:00:00Z) another key hides customers; said again, it changes nothing
  --help            this text
`

const portMax = 65_535

function portOf(text: string | undefined): number | null | 'bad' {
  if (text === undefined) return null
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity
  return port <= portMax ? port : 'bad'
}

function instantOf(text: string | undefined): number | null | 'bad' {
  return text === undefined ? null : (secondOf(text) ?? 'bad')
}

/** Options of the command line. Whatever is not one of them is bad: a misspelt option must not be passed over. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'data-dir': { type: 'string', default: '.deskpulse' },
        config: { type: 'string' },
        'no-simulator': { type: 'boolean', default: false },
        'new-customers-key': { type: 'boolean', default: false },
        'rotate-customers-key': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return { kind: 'bad', message: error instanceof Error ? error.message : String(error) }
  }
  if (values.help) return { kind: 'help' }
  const port = portOf(values.port)
  if (port === 'bad')
    return { kind: 'bad', message: `--port is a number from 0 to ${portMax}, not "${values.port}"` }
  if (values['data-dir'] === '')
    return { kind: 'bad', message: '--data-dir is the name of a folder' }
  const rotateCustomersKeyMs = instantOf(values['rotate-customers-key'])
  if (rotateCustomersKeyMs === 'bad')
    return { kind: 'bad', message: '--rotate-customers-key takes such as 2026-03-01T00:00:00Z' }
  if (rotateCustomersKeyMs !== null && values['new-customers-key'])
    return { kind: 'bad', message: 'a key that is lost is not rotated: --new-customers-key alone' }
  return {
    kind: 'run',
    options: {
      host: values.host ?? null,
      port,
      dataDir: values['data-dir'],
      configFile: values.config ?? null,
      simulator: !values['no-simulator'],
      newCustomersKey: values['new-customers-key'],
      rotateCustomersKeyMs,
    },
  }
}
