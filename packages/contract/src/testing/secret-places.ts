import type * as z from 'zod'
import { configSchema } from '../config/schema.ts'
import { hidingOf } from '../config/secret.ts'
import { membersOf } from '../config/walk.ts'

function below(schema: z.core.$ZodType, path: readonly string[]): readonly string[] {
  if (hidingOf(schema) !== null) return [path.join('.')]
  return membersOf(schema).flatMap(([name, member]) => below(member, [...path, name]))
}

/** Where the configuration has secrets: dotted, `*` for any name and for any entry of a list. */
export const secretPlaces = (): readonly string[] => below(configSchema, [])
