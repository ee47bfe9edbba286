import * as z from 'zod'
import { type ProblemCode, problemCodes } from '../errors/problems.ts'
import { problemMediaType } from './problem.ts'

export type Json = Readonly<Record<string, unknown>>

/** A test holds the names to those of the document's components. */
export const refTo = (component: string): Json => ({ $ref: `#/components/schemas/${component}` })

/** What a client may send, inline. */
function inputSchema(schema: z.core.$ZodType): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input' })
  return json
}

/** One OpenAPI parameter for each key of an object schema. */
export function parameters(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  return Object.entries(schema.shape).map(([name, part]) => {
    return { name, in: place, required: place === 'path' || !part.safeParse(undefined).success, schema: inputSchema(part) }
  })
}

export function jsonBody(schema: z.ZodType): Json {
  return { requestBody: { required: true, content: { 'application/json': { schema: inputSchema(schema) } } } }
}

export function answer(component: string, description: string, extra: Json = {}): Json {
  return { description, content: { 'application/json': { schema: refTo(component) }, ...extra } }
}

export function problems(...codes: readonly ProblemCode[]): Json {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) byStatus.set(problemCodes[code].status, [...(byStatus.get(problemCodes[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, all]) => {
      const retries = status === 429 || status === 503
      const headers = retries ? { headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } } } : {}
      return [status, { description: all.join(', '), ...headers, content: { [problemMediaType]: { schema: refTo('Problem') } } }]
    }),
  )
}
