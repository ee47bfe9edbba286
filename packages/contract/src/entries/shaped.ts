import type * as z from 'zod'
import { pointer } from '../events/refusal.ts'
import { safelyParsed } from '../safely-parsed.ts'
import { EntryUnreadable, parseJsonBytes } from './unreadable.ts'

/** A value of a schema. @throws EntryUnreadable that names the place at fault and shows no value. */
export function shapedValue<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = safelyParsed(schema, value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') {
    const place = pointer([...issue.path, issue.keys[0]!])
    throw new EntryUnreadable(`${what}: this version of Deskpulse does not know ${place}`)
  }
  throw new EntryUnreadable(`${what}: ${pointer(issue?.path ?? [])} is not what it must be`)
}

/** JSON of a schema. @throws EntryUnreadable */
export function shaped<Value>(schema: z.ZodType<Value>, bytes: Uint8Array, what: string): Value {
  return shapedValue(schema, parseJsonBytes(bytes, what), what)
}
