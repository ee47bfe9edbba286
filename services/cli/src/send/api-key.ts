import { readFileSync } from 'node:fs'
import { type Environment, parseKey } from '@deskpulse/contract'
import { CommandFailure, reasonOf, usageFailure } from '../command-line/failure.ts'

const variable = 'DESKPULSE_API_KEY'
const fileVariable = 'DESKPULSE_API_KEY_FILE'

/**
 * The header that says whose request it is, with the key of the environment: every user of the machine sees options. None without a key.
 * @throws CommandFailure, which does not have what is in the variable or the file.
 */
export function authorizationOf(env: Environment): Readonly<Record<string, string>> {
  const [key, file] = [env[variable], env[fileVariable]].map((text) => text || undefined)
  if (key !== undefined && file !== undefined)
    throw usageFailure(`${variable} and ${fileVariable} exclude each other`)
  if (file !== undefined) return bearer(firstLineOf(file), `the first line of ${file}`)
  return key === undefined ? {} : bearer(key, variable)
}

function bearer(text: string, place: string): Readonly<Record<string, string>> {
  const key = text.trim()
  if (parseKey(key) === null)
    throw usageFailure(`${place} must be a key, dp_TENANT_ID_SECRET; it is none`)
  return { authorization: `Bearer ${key}` }
}

function firstLineOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0] ?? ''
  } catch (error) {
    throw new CommandFailure(`${fileVariable}: ${file} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

/** What follows a problem that is about the key. `needed`: the scope, such as `ingest`, in words. */
export function keyHint(status: number, needed: string): string {
  return status === 401 || status === 403
    ? `; ${variable} (or ${fileVariable}) must hold a key with the scope ${needed}`
    : ''
}
