import type * as z from 'zod'
import { bare, membersOf } from './walk.ts'

type Hide = (text: string) => string

export const mask = '***'

/** What is secret, and what may be printed of it. By schema, so that no secret is printed because its name was not thought of. */
const secrets = new WeakMap<z.core.$ZodType, Hide>()

/**
 * A text that is never printed, and that may also be given as `{ file: NAME }` or as a variable `…_FILE`: `withFiles`.
 * @param hide what may be printed of it; default: nothing.
 */
export function secretText<Schema extends z.ZodType<string>>(
  schema: Schema,
  hide: Hide = () => mask,
): Schema {
  secrets.set(schema, hide)
  return schema
}

/** `null`: there is no secret at this place. */
export const hidingOf = (schema: z.core.$ZodType | undefined): Hide | null =>
  (schema === undefined ? undefined : secrets.get(bare(schema))) ?? null

/** Whether the value, or a part of it, is a secret. */
export function holdsSecrets(schema: z.core.$ZodType): boolean {
  return hidingOf(schema) !== null || membersOf(schema).some(([, member]) => holdsSecrets(member))
}
