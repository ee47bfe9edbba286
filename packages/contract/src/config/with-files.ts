import type * as z from 'zod'
import type { Fault } from './fault.ts'
import { configSchema } from './schema.ts'
import { hidingOf } from './secret.ts'
import { membersOf } from './walk.ts'
import { type ReadFile, unreadable } from './wires.ts'

type Found = { readonly raw: unknown; readonly faults: readonly (Fault & { got: string })[] }

function nameIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const { file, ...rest } = value as { readonly file?: unknown }
  return typeof file === 'string' && Object.keys(rest).length === 0 ? file : null
}

/** A key file often ends with a line break that is no part of the key. */
const withoutEnd = (text: string): string => text.replace(/[\r\n]+$/u, '')

function at(
  schema: z.core.$ZodType,
  raw: unknown,
  path: readonly PropertyKey[],
  read: ReadFile,
): Found {
  if (typeof raw !== 'object' || raw === null) return { raw, faults: [] }
  if (hidingOf(schema) !== null) return ofFile(raw, path, read)
  const members = membersOf(schema)
  const parts = Object.entries(raw).map(([key, value]) => {
    const member = members.find(([name]) => name === '*' || name === key)?.[1]
    const place = [...path, Array.isArray(raw) ? Number(key) : key]
    return [
      key,
      member === undefined ? { raw: value as unknown, faults: [] } : at(member, value, place, read),
    ] as const
  })
  const faults = parts.flatMap(([, part]) => part.faults)
  const values = parts.map(([key, part]) => [key, part.raw] as const)
  return {
    raw: Array.isArray(raw) ? values.map(([, value]) => value) : Object.fromEntries(values),
    faults,
  }
}

function ofFile(raw: object, path: readonly PropertyKey[], read: ReadFile): Found {
  const name = nameIn(raw)
  if (name === null) return { raw, faults: [] } // The schema complains.
  try {
    return { raw: withoutEnd(read(name)), faults: [] }
  } catch (error) {
    return { raw, faults: [unreadable(path, error)] }
  }
}

/** The content with what the files hold that its secrets name (`{ file: NAME }`). */
export const withFiles = (raw: unknown, read: ReadFile): Found => at(configSchema, raw, [], read)
