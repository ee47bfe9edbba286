import type * as z from 'zod'
import { alertsConfigOf, type AlertsConfig } from './alerts/alerts-config.ts'
import { type ConfigError, dotted, faultsOfIssue, gotAt } from './config-error.ts'
import { applyEnvironment, type Environment, type Overridden } from './environment.ts'
import type { Fault } from './fault.ts'
import { faultsBetween, type StartRules } from './faults-between.ts'
import { type IsSure, readable } from './readable.ts'
import { chosenPreset } from './presets.ts'
import { pseudonymKeysOf } from './pseudonymise.ts'
import { configSchema } from './schema.ts'
import { tenantConfigOf, type TenantInput, type TenantSettings } from './tenant.ts'
import { withFiles } from './with-files.ts'
import type { ReadFile } from './wires.ts'
import { safelyParsed } from '../safely-parsed.ts'

type Blocks = z.output<typeof configSchema>

/** The configuration as services get it: complete, frozen, durations in milliseconds. */
export type Config = Omit<Blocks, 'tenants' | 'alerts'> & {
  readonly tenants: Readonly<Record<string, TenantSettings>>
  readonly alerts: AlertsConfig
}
export type KafkaConfig = Blocks['kafka']
export type RedisConfig = Blocks['redis']
export type HttpConfig = Blocks['http']
export type AuthConfig = Blocks['auth']
export type OidcConfig = NonNullable<AuthConfig['oidc']>
export type IngestConfig = Blocks['ingest']

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly errors: readonly ConfigError[] }

export type ParseConfigOptions = StartRules & {
  /** Where a key of the file stands, from 1; `undefined`: nobody can tell. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined
}

const noFiles: ReadFile = () => {
  throw new Error('nothing reads files here')
}

function settingsOf(input: TenantInput): TenantSettings {
  return {
    config: tenantConfigOf(input),
    pseudonymise: input.pseudonymise === undefined ? null : pseudonymKeysOf(input.pseudonymise),
    customersArePseudonyms: input.customersArePseudonyms ?? false,
    preset: input.preset === undefined ? null : chosenPreset(input.preset),
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}

const isWithin = (path: readonly PropertyKey[], place: readonly PropertyKey[]): boolean =>
  place.length <= path.length && place.every((part, at) => path[at] === part)

const touches = (one: readonly PropertyKey[], other: readonly PropertyKey[]): boolean =>
  isWithin(one, other) || isWithin(other, one)

/** What files that cannot be read leave unknown, what the schema refuses, and what is wrong between the values that it takes. A place of which something was said gets no second complaint: it follows from the first. */
function faultsOf(
  raw: unknown,
  issues: readonly z.core.$ZodIssue[],
  unread: readonly Fault[],
  rules: StartRules,
): (Fault & { readonly got?: string })[] {
  const refused = [...unread, ...issues.flatMap((issue) => faultsOfIssue(issue, raw))]
  const isSure: IsSure = (...path) => !refused.some((fault) => touches(fault.path, path))
  const blocks = readable(configSchema, raw)
  const between = blocks === undefined ? [] : faultsBetween(blocks, rules, isSure)
  const all = [
    ...refused,
    ...between.filter(({ path }) => !refused.some((fault) => isWithin(path, fault.path))),
  ]
  return all.filter(
    ({ path }, at) => all.findIndex((other) => dotted(other.path) === dotted(path)) === at,
  )
}

/**
 * The file's parsed content (`null` or absent: an empty file) under the environment's overrides. Complains of everything at once.
 * A tenant without settings (`acme:` alone) has the defaults.
 */
export function parseConfig(
  raw: unknown,
  env: Environment = {},
  options: ParseConfigOptions = {},
): ParsedConfig {
  const said = applyEnvironment(raw ?? {}, env)
  const filled = withFiles(said.raw, options.readFile ?? noFiles)
  const overridden = { ...said, raw: filled.raw }
  const parsed = safelyParsed(configSchema, filled.raw)
  const faults = faultsOf(filled.raw, parsed.error?.issues ?? [], filled.faults, options)
  if (parsed.data === undefined || faults.length > 0 || overridden.errors.length > 0) {
    return {
      ok: false,
      errors: [...overridden.errors, ...faults.map((fault) => errorOf(fault, overridden, options))],
    }
  }
  const tenants = Object.fromEntries(
    Object.entries(parsed.data.tenants).map(([name, input]) => [name, settingsOf(input ?? {})]),
  )
  return {
    ok: true,
    config: frozen({ ...parsed.data, tenants, alerts: alertsConfigOf(parsed.data.alerts) }),
  }
}

function errorOf(
  fault: Fault & { readonly got?: string },
  { raw, variables }: Overridden,
  { lineOf }: ParseConfigOptions,
): ConfigError {
  const { path, expected, hint, got = gotAt(raw, path), code } = fault
  const variable = variables.find((one) => isWithin(path, one.path))?.name
  const line = variable === undefined ? lineOf?.(path) : undefined
  return {
    path: dotted(path),
    expected,
    got,
    ...(hint !== undefined && { hint }),
    ...(line !== undefined && { line }),
    ...(variable !== undefined && { variable }),
    ...(code === 'unknown-kpi' && { code }),
  }
}
