import * as z from 'zod'
import type { ConfigError } from './config-error.ts'
import { nearest } from './nearest.ts'
import { configSchema } from './schema.ts'
import { hidingOf } from './secret.ts'
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

const ofFile = /_FILE$/

/** `…_FILE` names the file that holds a secret, whose key is named without it. `null`: it is no such variable. */
function filePlaceOf(name: string): readonly string[] | null {
  const place = ofFile.test(name) ? placeOf(name.replace(ofFile, '')) : { unknown: name }
  if (!('path' in place)) return null
  return hidingOf(schemaAt(configSchema, place.path)) === null ? null : place.path
}

/** The text as the schema's kind: numbers, booleans, comma-separated lists; JSON for the rest that is no text. */
function valueOf(schema: z.core.$ZodType, text: string): unknown {
  const kind = bare(schema)
  if (kind instanceof z.ZodBoolean || kind instanceof z.ZodObject)
    // A block that `true` may stand for.
    if (text === 'true' || text === 'false') return text === 'true'
  if (kind instanceof z.ZodNumber)
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
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

const depthOf = (name: string): number => name.split('__').length

/** The file's content with the environment's values over it; the file's own objects are not changed. */
export function applyEnvironment(raw: unknown, env: Environment): Overridden {
  const errors: ConfigError[] = []
  const variables: { name: string; path: readonly string[] }[] = []
  let result = raw
  // A block comes before its members.
  const all = Object.entries(env).toSorted(([one], [other]) => depthOf(one) - depthOf(other))
  for (const [name, text] of all) {
    if (!name.startsWith(prefix) || notKeys.test(name) || text === undefined) continue
    const filePath = filePlaceOf(name)
    if (filePath !== null) {
      if (env[name.replace(ofFile, '')] !== undefined)
        errors.push({ path: name, expected: 'one of the two', got: 'both, with and without _FILE' })
      result = withValue(result, filePath, { file: text })
      variables.push({ name, path: filePath })
      continue
    }
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
