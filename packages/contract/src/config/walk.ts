import * as z from 'zod'

type Schema = z.core.$ZodType

/** The schema behind optional, default, nullable and preprocess. */
export function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return bare(schema.unwrap())
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap())
  if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform) return bare(schema.out)
  return schema
}

/** Members by name; those of a record and of a list by `*`. Of a union the members of all its variants: the first one that has a name says what stands there. */
export function membersOf(schema: Schema): readonly (readonly [name: string, schema: Schema])[] {
  const parent = bare(schema)
  if (parent instanceof z.ZodUnion) {
    const all = parent.options.flatMap((option) => membersOf(option))
    return all.filter(([name], at) => all.findIndex(([other]) => other === name) === at)
  }
  if (parent instanceof z.ZodObject) return Object.entries(parent.shape)
  if (parent instanceof z.ZodRecord) return [['*', parent.valueType]]
  return parent instanceof z.ZodArray ? [['*', parent.element]] : []
}

function childOf(schema: Schema, part: PropertyKey): Schema | undefined {
  const members = membersOf(schema)
  return members.find(([name]) => name === '*' || name === part)?.[1]
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
  const names = schema === undefined ? [] : membersOf(schema).map(([name]) => name)
  return names.filter((name) => name !== '*')
}
