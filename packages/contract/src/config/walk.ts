import * as z from 'zod'

type Schema = z.core.$ZodType

/** The schema behind optional, default, nullable and preprocess. */
export function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return bare(schema.unwrap())
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap())
  return schema
}

/** The variants of a union have the same keys. */
const firstOf = (union: z.ZodUnion): Schema => union.options[0]!

function childOf(schema: Schema, part: PropertyKey): Schema | undefined {
  const parent = bare(schema)
  if (parent instanceof z.ZodUnion) return childOf(firstOf(parent), part)
  if (parent instanceof z.ZodObject)
    return Object.hasOwn(parent.shape, part) ? (parent.shape[String(part)] as Schema) : undefined
  if (parent instanceof z.ZodRecord) return parent.valueType
  return parent instanceof z.ZodArray ? parent.element : undefined
}

/** `undefined`: the schema has no such place. */
export function schemaAt(root: Schema, path: readonly PropertyKey[]): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (schema, part) => (schema === undefined ? undefined : childOf(schema, part)),
    root,
  )
}

/** The keys that an object may have at this place; empty where any key may stand, or none. */
export function keysAt(root: Schema, path: readonly PropertyKey[]): readonly string[] {
  const schema = schemaAt(root, path)
  const parent = schema === undefined ? undefined : bare(schema)
  const block = parent instanceof z.ZodUnion ? firstOf(parent) : parent
  return block instanceof z.ZodObject ? Object.keys(block.shape) : []
}
