import { createHash } from 'node:crypto'
import type { ConfigVersion, TenantConfig } from '@deskpulse/core/config'
import * as z from 'zod'
import { canonicalJson } from './canonical-json.ts'
import { configShape } from './config-shape.ts'
import { shaped, shapedValue } from './shaped.ts'
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

const entryShape = z.strictObject({
  id: z.string(),
  predecessor: z.string().nullable(),
  config: configShape,
}) satisfies z.ZodType<ConfigEntry>
const versionsShape = z.array(
  z.strictObject({ id: z.string(), takenMs: z.int(), fromMs: z.int(), config: configShape }),
) satisfies z.ZodType<ConfigVersion[]>

/** @throws EntryUnreadable when the entry has another shape, or its id is not that of its content. */
export function decodeConfigEntry(bytes: Uint8Array): ConfigEntry {
  const what = 'configuration entry'
  const value = parseJsonBytes(bytes, what)
  const entry = shapedValue(entryShape, value, what)
  // Of what was written: an older version wrote fewer keys.
  if (entry.id !== configIdOf((value as ConfigEntry).config)) {
    throw new EntryUnreadable(`${what}: the id is not that of the content`)
  }
  return entry
}

/** The record `cfg:<tenant>`: all versions, oldest first. */
export function encodeConfigVersions(versions: readonly ConfigVersion[]): Uint8Array {
  return Buffer.from(canonicalJson(versions), 'utf8')
}

/** @throws EntryUnreadable */
export function decodeConfigVersions(bytes: Uint8Array): ConfigVersion[] {
  return shaped(versionsShape, bytes, 'configuration record')
}
