import * as z from 'zod'
import { type ProblemCode, problemCodes } from '../errors/problems.ts'
import { nearest } from '../config/nearest.ts'
import { keysAt } from '../config/walk.ts'
import { describe, expectedOf, pointer } from '../events/refusal.ts'
import { safelyParsed } from '../safely-parsed.ts'

export const problemMediaType = 'application/problem+json'

/** A field at fault. `path`: a JSON pointer into the body, or the name of a parameter. */
const fieldErrorSchema = z.object({ path: z.string(), expected: z.string(), got: z.string() })
export type FieldError = z.infer<typeof fieldErrorSchema>

const codes = Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]]

/** RFC 9457, with our code and the fields at fault. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(codes),
    errors: z.array(fieldErrorSchema).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>

/** `errors` is left out when there are none. */
export function problemOf(
  code: ProblemCode,
  detail: string,
  errors: readonly FieldError[] = [],
): Problem {
  const { status, title } = problemCodes[code]
  return {
    type: `urn:deskpulse:problem:${code}`,
    title,
    status,
    detail,
    code,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  }
}

export type ParsedParameters<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem }

function unknownKeys(
  issue: Extract<z.core.$ZodIssue, { code: 'unrecognized_keys' }>,
  schema: z.ZodType,
): FieldError[] {
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => {
    const near = nearest(key, known)
    return {
      path: pointer([...issue.path, key]),
      expected:
        near === null ? `one of ${known.join(', ')}` : `a known name: did you mean ${near}?`,
      got: 'unknown',
    }
  })
}

function fieldErrors(issue: z.core.$ZodIssue, input: unknown, schema: z.ZodType): FieldError[] {
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, schema)
  const isOwn = !/^(Invalid|Too (big|small))/.test(issue.message)
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  )
  const got = typeof value === 'string' && value.length <= 60 ? value : describe(value)
  return [{ path: pointer(issue.path), expected: isOwn ? issue.message : expectedOf(issue), got }]
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  named: (path: string) => string,
): ParsedParameters<z.output<Schema>> {
  const parsed = safelyParsed(schema, input)
  if (parsed.success) return { ok: true, value: parsed.data }
  const found = parsed.error.issues.flatMap((issue) => fieldErrors(issue, input, schema))
  const errors = found.map((error) => ({ ...error, path: named(error.path) }))
  const paths = errors.map(({ path }) => (path === '' ? 'the body' : path)).join(', ')
  return { ok: false, problem: problemOf('bad-request', `not what it must be: ${paths}`, errors) }
}

/** Path or query parameters by their schema; what is wrong is a 400 `bad-request` that names every parameter at fault. */
export function parseParameters<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): ParsedParameters<z.output<Schema>> {
  return parse(schema, input, (path) => path.slice(1))
}

/** A JSON body by its schema; what is wrong is a 400 `bad-request` that names every member at fault, as JSON pointers. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): ParsedParameters<z.output<Schema>> {
  return parse(schema, input, (path) => path)
}
