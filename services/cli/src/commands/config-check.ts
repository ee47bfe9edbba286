import type { ConfigError, TenantSettings } from '@deskpulse/contract'
import { exitCodes, type ExitCode } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import type { Command, Context } from './command.ts'

const spec: CommandSpec = {
  name: 'config check',
  summary: 'Check a configuration file as the services do when they start.',
  usage: 'deskpulse config check FILE [options]',
  positionals: ['FILE'],
  options: {
    embedded: {
      help: 'As npm start reads it: keys for customer ids are made, every tenant is taken.',
    },
    json: {
      help: 'One JSON object: {"ok", "errors": [{"path", "line", "variable", "expected", "got", "hint"}]}.',
    },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse config check deskpulse.yaml',
    'deskpulse config check deskpulse.yaml --embedded',
    'deskpulse config check deskpulse.yaml --json',
  ],
}

export const configCheckCommand: Command = { spec, run: check }

async function check(typed: Typed, { env, terminal }: Context): Promise<ExitCode> {
  const { configErrorText, ConfigurationError, loadConfig } = await import('@deskpulse/runtime') // Only here: it is slow to load.
  const file = typed.positionals[0] ?? ''
  const isJson = typed.switched('json')
  let errors: readonly ConfigError[] = []
  try {
    const { tenants, alerts } = loadConfig({
      file,
      env,
      start: typed.switched('embedded') ? 'embedded' : 'service',
    })
    const parts = [
      counted(Object.keys(tenants).length, 'tenant'),
      counted(alerts.endpoints.length, 'endpoint'),
      counted(alerts.rules.length, 'alert rule'),
    ]
    if (!isJson) {
      terminal.out(`${file} can be used: ${parts.join(', ')}\n`)
      for (const [name, tenant] of Object.entries(tenants)) terminal.out(presetLines(name, tenant))
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    errors = error.errors
  }
  const ok = errors.length === 0
  if (isJson) terminal.out(`${JSON.stringify({ ok, errors })}\n`)
  else if (!ok) {
    for (const { line, ...error } of errors)
      terminal.out(`${file}:${line === undefined ? '' : `${line}:`} ${configErrorText(error)}\n`)
    terminal.err(`deskpulse: ${file} cannot be used: ${counted(errors.length, 'error')}\n`)
  }
  return ok ? exitCodes.ok : exitCodes.failed
}

/** What a tenant's preset comes to, with the keys that the tenant sets itself; nothing without one. */
function presetLines(name: string, { preset, config }: TenantSettings): string {
  if (preset === null) return ''
  const { unit, kpis, trailingDays, settings } = preset
  const keys = Object.keys(settings).map((key) =>
    key === 'thresholds' ? 'thresholdsSeconds' : key,
  )
  const effective = Object.entries(config).filter(([key]) => keys.includes(key.replace(/Ms$/, '')))
  const judged = trailingDays === null ? 'by the day' : `over ${trailingDays} days`
  return [
    `${name}: preset ${preset.name} of ${preset.date}, by ${unit}, ${judged}: ${kpis.join(', ')}\n`,
    ...effective.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`),
  ].join('')
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
