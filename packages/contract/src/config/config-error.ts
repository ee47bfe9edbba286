import type * as z from 'zod'
import { describe, expectedOf } from '../events/refusal.ts'
import { didYouMean, type Fault } from './fault.ts'
import { configSchema } from './schema.ts'
import { holdsSecrets } from './secret.ts'
import { keysAt, schemaAt } from './walk.ts'

/** One thing that is wrong with the configuration, and where. */
export type ConfigError = {
  /** Dotted as in the file (`tenants.acme.timeZone`), or the name of an environment variable that names no key. */
  readonly path: string
  readonly expected: string
  /** Short, and never a secret. */
  readonly got: string
  /** What was probably meant, or what to do. */
  readonly hint?: string
  /** Of the file, from 1, where its parser can tell. */
  readonly line?: number
  /** The environment variable that the value came from. */
  readonly variable?: string
  /** It names a KPI, or a statistic of one, that does not exist. */
  readonly code?: 'unknown-kpi'
}

const secret = /key|secret|password|token|url/i
const defaultMessage = /^(Invalid|Too (big|small)|Unrecognized)/

export const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.')

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined | null)?.[part],
    root,
  )
}

/** Also of a text that stands in the place of a block with a secret: who forgot the key has put it there. */
function isSecretAt(path: readonly PropertyKey[]): boolean {
  if (path.some((part) => secret.test(String(part)))) return true
  const schema = schemaAt(configSchema, path)
  return schema !== undefined && holdsSecrets(schema)
}

/** What stands at a place of the file, shown short. */
export function gotAt(root: unknown, path: readonly PropertyKey[]): string {
  const value = valueAt(root, path)
  if (typeof value !== 'string' || isSecretAt(path)) return describe(value)
  return value.length <= 60 ? JSON.stringify(value) : describe(value)
}

/** What the schema complains of. An unknown key is a fault of its own. */
export function faultsOfIssue(
  issue: z.core.$ZodIssue,
  root: unknown,
): (Fault & { readonly got?: string })[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(configSchema, issue.path).filter((key) => !issue.keys.includes(key)) // Of another variant.
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      ...unknownKey(key, known),
      got: 'unknown key',
    }))
  }
  const value = valueAt(root, issue.path)
  const isWord = issue.code === 'invalid_value' && typeof value === 'string'
  const expected = defaultMessage.test(issue.message) ? expectedOf(issue) : issue.message
  return [
    { path: issue.path, expected, ...(isWord && didYouMean(value, issue.values.map(String))) },
  ]
}

function unknownKey(key: string, known: readonly string[]): Pick<Fault, 'expected' | 'hint'> {
  const near = didYouMean(key, known)
  return near.hint === undefined
    ? { expected: `one of ${known.join(', ')}` }
    : { expected: 'a known key', ...near }
}
