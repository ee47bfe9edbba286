import * as z from 'zod'
import type { ConfigError } from './config-error.ts'
import { nearest } from './nearest.ts'
import { configSchema } from './schema.ts'
import { bare, keysAt, schemaAt } from './walk.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const prefix = 'DESKPULSE_'
/** Variables of the same prefix that are no configuration keys: the file's own path, the key of the command line, and what tests are given. */
const notKeys = /^DESKPULSE_(API_KEY(_FILE)?$|CONFIG$|TEST_)/

type Place =
  { readonly path: readonly string[] } | { readonly unknown: string; readonly hint?: string }

const shouting = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** `DESKPULSE_KAFKA__TOPIC_PREFIX` → kafka.topicPrefix; a tenant's name is written in capitals with _ for -. */
function placeOf(name: string): Place {
  const path: string[] = []
  for (const part of name.slice(prefix.length).split('__')) {
    const keys = keysAt(configSchema, path)
    const isName = keys.length === 0 && bare(schemaAt(configSchema, path)!) instanceof z.ZodRecord
    const key = isName
      ? part.toLowerCase().replaceAll('_', '-')
      : keys.find((known) => shouting(known) === part)
    if (key === undefined) {
      const near = nearest(part, keys.map(shouting))
      return {
        unknown: part,
        ...(near !== null && {
          hint: `did you mean ${prefix}${[...path.map(shouting), near].join('__')}?`,
        }),
      }
    }
    path.push(key)
  }
  return { path }
}

/** The text as the schema's kind: numbers, booleans, comma-separated lists; JSON for the rest that is no text. */
function valueOf(schema: z.core.$ZodType, text: string): unknown {
  const kind = bare(schema)
  if (kind instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  if (kind instanceof z.ZodNumber)
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (kind instanceof z.ZodPipe) return /^\d+$/.test(text) ? Number(text) : text
  const isJson = /^[[{]/.test(text.trim())
  if (kind instanceof z.ZodArray && !isJson)
    return text.split(',').map((one) => valueOf(kind.element, one.trim()))
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

function withValue(
  block: unknown,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path
  const own = isBlock(block) ? block : {}
  return { ...own, [key!]: rest.length === 0 ? value : withValue(own[key!], rest, value) }
}

/** `variables`: where each of them stands in `raw`. */
export type Overridden = {
  readonly raw: unknown
  readonly variables: readonly { readonly name: string; readonly path: readonly string[] }[]
  readonly errors: readonly ConfigError[]
}

/** The file's content with the environment's values over it; the file's own objects are not changed. */
export function applyEnvironment(raw: unknown, env: Environment): Overridden {
  const errors: ConfigError[] = []
  const variables: { name: string; path: readonly string[] }[] = []
  let result = raw
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || notKeys.test(name) || text === undefined) continue
    const place = placeOf(name)
    if ('path' in place) {
      result = withValue(result, place.path, valueOf(schemaAt(configSchema, place.path)!, text))
      variables.push({ name, path: place.path })
    } else {
      const { unknown, ...hint } = place
      errors.push({ path: name, expected: 'a variable of a known key', got: unknown, ...hint })
    }
  }
  return { raw: result, variables, errors }
}
