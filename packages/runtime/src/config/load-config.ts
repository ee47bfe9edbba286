import { readFileSync } from 'node:fs'
import {
  parseConfig,
  type Config,
  type ConfigError,
  type Environment,
  type StartRules,
} from '@deskpulse/contract'
import { readYaml } from './yaml-file.ts'

/** The tenant that the embedded product's simulator plays. */
export const simulatedTenant = 'demo'

type Start = StartRules & {
  /** Top-level blocks that stand where the file has none. */
  readonly defaults: Readonly<Record<string, unknown>>
}

const starts = {
  /** One process of several, which know no key but those of the file. */
  service: { defaults: {}, keysRequired: true, isServed: true },
  /** Everything in one process, which makes keys for customer ids. */
  embedded: {
    defaults: { openTenants: true, log: { level: 'warn' } },
    tenantsBeside: [simulatedTenant],
    isServed: true,
  },
} as const satisfies Readonly<Record<string, Start>>

export type ConfigSource = {
  /** The YAML file; `null`: none, everything has its default. */
  readonly file: string | null
  readonly env: Environment
  /** What starts with it. */
  readonly start: keyof typeof starts
}

/** `path (VARIABLE): expected …; got …; did you mean …? (line n)`; each part where there is one. */
export function configErrorText({
  path,
  variable,
  expected,
  got,
  hint,
  line,
}: ConfigError): string {
  const place = `${path === '' ? '(file)' : path}${variable === undefined ? '' : ` (${variable})`}`
  const said = [`expected ${expected}`, `got ${got}`, ...(hint === undefined ? [] : [hint])].join(
    '; ',
  )
  return `${place}: ${said}${line === undefined ? '' : ` (line ${line})`}`
}

/** What is wrong with the configuration, all of it, one line each: for the operator, without a stack. */
export class ConfigurationError extends Error {
  readonly errors: readonly ConfigError[]
  constructor(source: string, errors: readonly ConfigError[]) {
    const lines = errors.map((error) => `  ${configErrorText(error)}`)
    super(`the configuration (${source}) cannot be used:\n${lines.join('\n')}`)
    this.name = 'ConfigurationError'
    this.errors = errors
  }
}

function withDefaults(raw: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (raw === null || raw === undefined) return defaults
  return typeof raw === 'object' && !Array.isArray(raw) ? { ...defaults, ...raw } : raw
}

/**
 * The file under the environment's overrides (`DESKPULSE_…`), complete and frozen.
 * @throws ConfigurationError with every error at once.
 */
export function loadConfig({ file, env, start }: ConfigSource): Config {
  const { defaults, ...rules }: Start = starts[start]
  const source = file ?? 'defaults and environment'
  const read =
    file === null ? ({ ok: true, raw: null, lineOf: undefined } as const) : readYaml(file)
  if (!read.ok) throw new ConfigurationError(source, read.errors)
  const parsed = parseConfig(withDefaults(read.raw, defaults), env, {
    ...rules,
    lineOf: read.lineOf,
    readFile: (name) => readFileSync(name, 'utf8'),
  })
  if (!parsed.ok) throw new ConfigurationError(source, parsed.errors)
  return parsed.config
}
