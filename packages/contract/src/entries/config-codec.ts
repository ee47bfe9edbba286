import { createHash } from 'node:crypto'
import { defaultTenantConfig, type ConfigVersion, type TenantConfig } from '@deskpulse/core'
import { canonicalJson } from './canonical-json.ts'
import { EntryUnreadable, parseJsonBytes } from './unreadable.ts'

/** A proposed version. The fold takes it only if `predecessor` is the id of the current one (`null`: there is none yet). */
export type ConfigEntry = {
  readonly id: string
  readonly predecessor: string | null
  readonly config: TenantConfig
}

/** Equal configurations have equal ids: the first 128 bits of the SHA-256 of the canonical JSON, in hex. */
export function configIdOf(config: TenantConfig): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex').slice(0, 32)
}

export function configEntry(config: TenantConfig, predecessor: string | null): ConfigEntry {
  return { id: configIdOf(config), predecessor, config }
}

export function encodeConfigEntry(entry: ConfigEntry): Uint8Array {
  return Buffer.from(canonicalJson(entry), 'utf8')
}

/** An entry that an older version of Deskpulse wrote lacks the keys that came later: they have their defaults. */
function completed(config: TenantConfig): TenantConfig {
  return { ...defaultTenantConfig, ...config }
}

function isConfig(value: unknown): value is TenantConfig {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as TenantConfig).timeZone === 'string'
  )
}

/** @throws EntryUnreadable when the entry has another shape, or its id is not that of its content. */
export function decodeConfigEntry(bytes: Uint8Array): ConfigEntry {
  const value = parseJsonBytes(bytes, 'configuration entry') as Partial<ConfigEntry> | null
  if (typeof value !== 'object' || value === null || !isConfig(value.config))
    throw new EntryUnreadable('configuration entry: no configuration')
  const { id, predecessor, config } = value
  if (predecessor !== null && typeof predecessor !== 'string')
    throw new EntryUnreadable('configuration entry: no predecessor')
  if (id !== configIdOf(config))
    throw new EntryUnreadable('configuration entry: the id is not that of the content')
  return { id, predecessor, config: completed(config) }
}

/** The record `cfg:<tenant>`: all versions, oldest first. `-Infinity` (in force from the beginning) is null in JSON. */
export function encodeConfigVersions(versions: readonly ConfigVersion[]): Uint8Array {
  return Buffer.from(canonicalJson(versions), 'utf8')
}

/** @throws EntryUnreadable */
export function decodeConfigVersions(bytes: Uint8Array): ConfigVersion[] {
  const stored = parseJsonBytes(bytes, 'configuration record')
  if (!Array.isArray(stored)) throw new EntryUnreadable('configuration record: a list expected')
  return (stored as (Omit<ConfigVersion, 'fromMs'> & { readonly fromMs: number | null })[]).map(
    (version) => {
      if (typeof version?.id !== 'string' || !isConfig(version.config))
        throw new EntryUnreadable('configuration record: no version')
      return { ...version, config: completed(version.config), fromMs: version.fromMs ?? -Infinity }
    },
  )
}
