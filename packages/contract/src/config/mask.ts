import type { Config } from './parse.ts'
import { configSchema } from './schema.ts'
import { hidingOf } from './secret.ts'
import { schemaAt } from './walk.ts'

function masked(value: unknown, path: readonly string[]): unknown {
  if (typeof value === 'string') return hidingOf(schemaAt(configSchema, path))?.(value) ?? value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one, at) => masked(one, [...path, String(at)]))
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, masked(part, [...path, name])]),
  )
}

/** The configuration fit for printing: no key, password, secret, token or webhook path is in it. */
export function maskSecrets(config: Config): unknown {
  return masked(config, [])
}
