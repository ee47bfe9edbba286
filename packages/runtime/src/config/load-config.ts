import { readFileSync } from 'node:fs'
import { parse, YAMLParseError } from 'yaml'
import { parseConfig, type Config, type ConfigError, type Environment } from '@deskpulse/contract'

export type ConfigSource = {
  /** The YAML file; `null`: none, everything has its default. */
  readonly file: string | null
  readonly env: Environment
  /** Top-level blocks that stand where the file has none: a service's own defaults. */
  readonly defaults?: Readonly<Record<string, unknown>>
}

/** What is wrong with the configuration, all of it, one line each: for the operator, without a stack. */
export class ConfigurationError extends Error {
  readonly errors: readonly ConfigError[]
  constructor(source: string, errors: readonly ConfigError[]) {
    const lines = errors.map(({ path, expected, got }) => `  ${path === '' ? '(file)' : path}: expected ${expected}; got ${got}`)
    super(`the configuration (${source}) cannot be used:\n${lines.join('\n')}`)
    this.name = 'ConfigurationError'
    this.errors = errors
  }
}

function readYaml(file: string): unknown {
  const refuse = (expected: string, got: string): never => {
    throw new ConfigurationError(file, [{ path: '', expected, got }])
  }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return refuse('a file that can be read', (error as NodeJS.ErrnoException).code ?? String(error))
  }
  try {
    return parse(text) as unknown
  } catch (error) {
    if (error instanceof YAMLParseError) return refuse('YAML', error.message.split('\n')[0] ?? error.code)
    throw error
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
export function loadConfig({ file, env, defaults = {} }: ConfigSource): Config {
  const parsed = parseConfig(withDefaults(file === null ? null : readYaml(file), defaults), env)
  if (!parsed.ok) throw new ConfigurationError(file ?? 'defaults and environment', parsed.errors)
  return parsed.config
}
