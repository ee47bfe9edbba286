import * as z from 'zod'
import { bare } from './walk.ts'

/** A value with what can be read of it: a member or an element that its schema refuses is absent, and the others keep their places. */
export type Readable<Value> = Value extends readonly [unknown, ...unknown[]]
  ? Value
  : Value extends readonly (infer Element)[]
    ? readonly (Readable<Element> | undefined)[]
    : Value extends object
      ? { readonly [Key in keyof Value]?: Readable<Value[Key]> | undefined }
      : Value

/** Whether all that is said at this place, and below it, can be read. */
export type IsSure = (...path: readonly PropertyKey[]) => boolean

/** The same of the paths below a place. */
export const sureBelow =
  (isSure: IsSure, ...place: readonly PropertyKey[]): IsSure =>
  (...path) =>
    isSure(...place, ...path)

function readablePart(schema: z.core.$ZodType, raw: unknown): unknown {
  const parsed = z.safeParse(schema, raw)
  if (parsed.success) return parsed.data
  const kind = bare(schema)
  if (kind instanceof z.ZodArray && Array.isArray(raw))
    return raw.map((element) => readablePart(kind.element, element))
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const members = raw as Readonly<Record<string, unknown>>
  if (kind instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(kind.shape).map(([key, member]) => [
        key,
        readablePart(member as z.ZodType, members[key]),
      ]),
    )
  }
  if (!(kind instanceof z.ZodRecord)) return undefined
  const keys = Object.keys(members).filter((key) => z.safeParse(kind.keyType, key).success)
  return Object.fromEntries(keys.map((key) => [key, readablePart(kind.valueType, members[key])]))
}

/** So that one wrong value hides no other: what follows from several values is asked of those that can be read. */
export function readable<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
): Readable<z.output<Schema>> | undefined {
  return readablePart(schema, raw) as Readable<z.output<Schema>> | undefined
}
