import type * as z from 'zod'

/**
 * As `schema.safeParse`, of what others have written. zod compares the `length` of a value that should be a text even where it is an object, and throws where that
 * `length` cannot be made a number. Such a value is refused as any other one that is no text. What is refused so has lost those members.
 */
export function safelyParsed<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(input)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    removeLengths(input)
    return schema.safeParse(input)
  }
}

/** Without recursion: nobody has looked yet how deep the value nests, and YAML makes values that hold themselves. */
function removeLengths(input: unknown): void {
  const seen = new Set<unknown>()
  const left = [input]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (!Array.isArray(value)) delete (value as { length?: unknown }).length
    for (const part of Object.values(value)) left.push(part)
  }
}
