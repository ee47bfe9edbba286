import * as z from 'zod'
import { nearest } from './nearest.ts'
import type { ConfigError } from './parse.ts'
import { configSchema } from './schema.ts'
import { bare, keysAt, schemaAt } from './walk.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const prefix = 'DESKPULSE_'
/** Variables of the same prefix that are no configuration keys: the file's own path, and what tests are given. */
const notKeys = /^DESKPULSE_(CONFIG$|TEST_)/

type Place = { readonly path: readonly string[] } | { readonly unknown: string; readonly near: string | null }

const shouting = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** `DESKPULSE_KAFKA__TOPIC_PREFIX` → kafka.topicPrefix; a tenant's name is written in capitals with _ for -. */
function placeOf(name: string): Place {
  const path: string[] = []
  for (const part of name.slice(prefix.length).split('__')) {
    const keys = keysAt(configSchema, path)
    const isName = keys.length === 0 && bare(schemaAt(configSchema, path)!) instanceof z.ZodRecord
    const key = isName ? part.toLowerCase().replaceAll('_', '-') : keys.find((known) => shouting(known) === part)
    if (key === undefined) {
      const near = nearest(part, keys.map(shouting))
      return { unknown: part, near: near === null ? null : prefix + [...path.map(shouting), near].join('__') }
    }
    path.push(key)
  }
  return { path }
}

/** The text as the schema's kind: numbers, booleans, comma-separated lists; JSON for the rest that is no text. */
function valueOf(schema: z.core.$ZodType, text: string): unknown {
  const kind = bare(schema)
  if (kind instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  if (kind instanceof z.ZodNumber) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (kind instanceof z.ZodPipe) return /^\d+$/.test(text) ? Number(text) : text
  const isJson = /^[[{]/.test(text.trim())
  if (kind instanceof z.ZodArray && !isJson) return text.split(',').map((one) => valueOf(kind.element, one.trim()))
  if (!isJson || kind instanceof z.ZodString) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withValue(block: unknown, path: readonly string[], value: unknown): Record<string, unknown> {
  const [key, ...rest] = path
  const own = isBlock(block) ? block : {}
  return { ...own, [key!]: rest.length === 0 ? value : withValue(own[key!], rest, value) }
}

/** The file's content with the environment's values over it; the file's own objects are not changed. */
export function applyEnvironment(raw: unknown, env: Environment): { readonly raw: unknown; readonly errors: readonly ConfigError[] } {
  const errors: ConfigError[] = []
  let result = raw
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || notKeys.test(name) || text === undefined) continue
    const place = placeOf(name)
    if ('path' in place) result = withValue(result, place.path, valueOf(schemaAt(configSchema, place.path)!, text))
    else errors.push({ path: name, expected: place.near === null ? 'a variable of a known key' : place.near, got: place.unknown })
  }
  return { raw: result, errors }
}
