import type * as z from 'zod'
import { nearest } from '../config/nearest.ts'
import type { RefusalCode } from '../errors/refusals.ts'

/** Why an input is not accepted. `got` is short and shows no value that could be personal. */
export type Refusal = {
  readonly code: RefusalCode
  /** JSON pointer; '' = the whole input. A key that the sender made up (a label's) is not in it. */
  readonly path: string
  readonly expected: string
  readonly got: string
  /** The known word that the refused one of an enumerated attribute most likely means; absent = none is near. */
  readonly nearest?: string
}

/** What stands on a dead letter. */
export function reasonOfRefusal({ expected, got, nearest: near }: Refusal): string {
  return `expected ${expected}, got ${got}${near === undefined ? '' : `; nearest ${near}`}`
}

type Issue = z.core.$ZodIssue

/** What a value is, without showing it. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `array of ${value.length}`
  if (typeof value === 'string') return `text of ${value.length} characters`
  return typeof value === 'number' || typeof value === 'boolean'
    ? `${typeof value} ${value}`
    : typeof value
}

/** How much of a refused word is shown. */
const wordShownMax = 64

/**
 * A word that was to be one of a list is shown when it looks like one, cut to `wordShownMax`: it begins with a letter, and has no blank, no `@` and no
 * accented letter. Whatever else stands there might be a name, an address or a telephone number.
 */
export function describeWord(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z][\w.:/-]*$/.test(value)) return describe(value)
  return value.length <= wordShownMax ? value : `${value.slice(0, wordShownMax)}…`
}

/** `{ nearest }` where a shown word is near a known one, else nothing. */
export function nearestOf(value: unknown, known: readonly string[]): { readonly nearest?: string } {
  const near =
    typeof value === 'string' && describeWord(value) !== describe(value)
      ? nearest(value, known)
      : null
  return near === null ? {} : { nearest: near }
}

export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function bound(sign: string, limit: number | bigint, origin: string): string {
  const unit = origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : ''
  return `${sign} ${limit}${unit}`
}

/** What the schema wanted, in words that a sender can act on. */
export function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int'
        ? 'integer'
        : issue.expected === 'record'
          ? 'object'
          : issue.expected
    case 'invalid_value':
      return issue.values.map(String).join(' | ')
    case 'too_big':
      return bound('≤', issue.maximum, issue.origin)
    case 'too_small':
      return bound('≥', issue.minimum, issue.origin)
    case 'invalid_key':
      return issue.issues[0] === undefined ? 'a valid key' : `keys: ${expectedOf(issue.issues[0])}`
    default:
      return issue.message
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value
}

const madeUpKeys = new Set<PropertyKey>(['labels', 'capacity'])

/** Up to the first key that the sender made up. */
function knownPart(path: readonly PropertyKey[]): readonly PropertyKey[] {
  const at = path.findIndex((part) => madeUpKeys.has(part))
  return at < 0 ? path : path.slice(0, at + 1)
}

/** zod's first complaint as a refusal. */
export function refusalOf(issue: Issue, input: unknown): Refusal {
  const value = valueAt(input, issue.path)
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : null
  return {
    code: 'bad-schema',
    path: pointer(knownPart(issue.path)),
    expected: expectedOf(issue),
    got: words === null ? describe(value) : describeWord(value),
    ...(words === null ? {} : nearestOf(value, words)),
  }
}
