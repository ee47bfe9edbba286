import type * as z from 'zod'
import { alertsConfigOf, type AlertsConfig } from './alerts/alerts-config.ts'
import { describe, expectedOf } from '../events/refusal.ts'
import { applyEnvironment, type Environment } from './environment.ts'
import { nearest } from './nearest.ts'
import { configSchema } from './schema.ts'
import { tenantConfigOf, type TenantInput, type TenantSettings } from './tenant.ts'
import { keysAt } from './walk.ts'

type Blocks = z.output<typeof configSchema>

/** The configuration as services get it: complete, frozen, durations in milliseconds. */
export type Config = Omit<Blocks, 'tenants' | 'alerts'> & {
  readonly tenants: Readonly<Record<string, TenantSettings>>
  readonly alerts: AlertsConfig
}
export type KafkaConfig = Blocks['kafka']
export type RedisConfig = Blocks['redis']
export type HttpConfig = Blocks['http']
export type IngestConfig = Blocks['ingest']

/**
 * `path` is dotted as in the file (`tenants.acme.timeZone`), or the name of an environment variable. `unknown-kpi`: it names a KPI, or a statistic of
 * one, that does not exist.
 */
export type ConfigError = { readonly path: string; readonly expected: string; readonly got: string; readonly code?: 'unknown-kpi' }
export type ParsedConfig = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly errors: readonly ConfigError[] }

type Issue = z.core.$ZodIssue

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.')
const secret = /key|secret|password|url/i
const defaultMessage = /^(Invalid|Too (big|small)|Unrecognized)/

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined | null)?.[part], root)
}

function gotOf(value: unknown, path: readonly PropertyKey[]): string {
  if (typeof value !== 'string' || path.some((part) => secret.test(String(part)))) return describe(value)
  return value.length <= 60 ? JSON.stringify(value) : describe(value)
}

function errorsOf(issue: Issue, root: unknown): ConfigError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(configSchema, issue.path)
    return issue.keys.map((key) => {
      const near = nearest(key, known)
      const expected = near === null ? `one of ${known.join(', ')}` : `a known key: did you mean ${near}?`
      return { path: dotted([...issue.path, key]), expected, got: 'unknown key' }
    })
  }
  const expected = defaultMessage.test(issue.message) ? expectedOf(issue) : issue.message
  const error = { path: dotted(issue.path), expected, got: gotOf(valueAt(root, issue.path), issue.path) }
  const isUnknownKpi = issue.code === 'custom' && issue.params?.['code'] === 'unknown-kpi'
  return [isUnknownKpi ? { ...error, code: 'unknown-kpi' } : error]
}

/** One complaint about each place: a further one follows from it. */
function firstOfEach(errors: readonly ConfigError[]): ConfigError[] {
  return errors.filter((error, at) => errors.findIndex(({ path }) => path === error.path) === at)
}

function settingsOf(input: TenantInput): TenantSettings {
  return {
    config: tenantConfigOf(input),
    pseudonymKey: input.pseudonymise?.key ?? null,
    customersArePseudonyms: input.customersArePseudonyms ?? false,
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}

/**
 * The file's parsed content (`null` or absent: an empty file) under the environment's overrides. Complains of everything at once.
 * A tenant without settings (`acme:` alone) has the defaults.
 */
export function parseConfig(raw: unknown, env: Environment = {}): ParsedConfig {
  const overridden = applyEnvironment(raw ?? {}, env)
  const parsed = configSchema.safeParse(overridden.raw)
  const issues = parsed.error?.issues ?? []
  const errors = firstOfEach([...overridden.errors, ...issues.flatMap((issue) => errorsOf(issue, overridden.raw))])
  if (parsed.data === undefined || errors.length > 0) return { ok: false, errors }
  const tenants = Object.fromEntries(Object.entries(parsed.data.tenants).map(([name, input]) => [name, settingsOf(input ?? {})]))
  return { ok: true, config: frozen({ ...parsed.data, tenants, alerts: alertsConfigOf(parsed.data.alerts) }) }
}
