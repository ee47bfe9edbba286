import { nearest, newKeyBody, parseKey, type Scope, scopes } from '@deskpulse/contract'
import { usageFailure } from '../command-line/failure.ts'
import type { OptionSpec, Typed } from '../command-line/spec.ts'
import { durationMs } from '../command-line/values.ts'

/** Options of what is made. */
export const newOptions = {
  name: { value: 'N', help: 'What people call it: 1 to 128 characters. Required.' },
  expires: {
    value: 'DURATION',
    help: 'It is valid for so long, e.g. 90d; from 1m to 3650d. Default: until it is revoked.',
  },
} as const satisfies Record<string, OptionSpec>

/** Name and expiry. @throws CommandFailure (usage) */
export function newOf(typed: Typed): { readonly name: string; readonly expiresIn?: number } {
  const [name, expires] = [typed.text('name'), typed.text('expires')]
  if (name === undefined) throw usageFailure('--name is missing: what people call it')
  const { shape } = newKeyBody
  if (!shape.name.safeParse(name).success)
    throw usageFailure('--name must be 1 to 128 characters, none of them a control character')
  if (expires === undefined) return { name }
  const expiresIn = durationMs('expires', expires)
  if (!shape.expiresIn.safeParse(expiresIn).success)
    throw usageFailure(`--expires must be from 1m to 3650d, not ${expires}`)
  return { name, expiresIn }
}

/** Each once. @throws CommandFailure (usage) */
export function scopesOf(text: string | undefined): Scope[] {
  const asked = new Set((text ?? '').split(',').map((scope) => scope.trim()))
  return [...asked].map((word) => scopes.find((scope) => scope === word) ?? unknownScope(word))
}

function unknownScope(word: string): never {
  const near = nearest(word, scopes)
  const hint = near === null ? '' : `; did you mean ${near}?`
  throw usageFailure(
    `--scopes must be some of ${scopes.join(', ')}, such as read,ingest, not ${JSON.stringify(word)}${hint}`,
  )
}

/** The ID of an argument, which may have been taken for a whole key: that is not repeated. @throws CommandFailure (usage) */
export function idOf(text: string): string {
  const id = text.replace(/^.*\/boards\//, '')
  if (parseKey(id) !== null)
    throw usageFailure('ID must be the part of 12 hexadecimal digits alone: a key is a secret')
  if (!/^[0-9a-f]{12}$/.test(id))
    throw usageFailure('ID must be 12 hexadecimal digits, as list shows them')
  return id
}
