import { type AuditAction, parseBody, parseParameters, type ProblemCode } from '@deskpulse/contract'
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify'
import type * as z from 'zod'
import type { ZodOpenApiRequestBodyObject, ZodOpenApiResponseObject } from 'zod-openapi'
import type { RouteAccess } from './access/route-access.ts'
import { Refused } from './problems.ts'

/** What the OpenAPI document says of a route beside its `params`, `querystring`, `headers` and `body`. */
export type Operation = {
  readonly id: string
  readonly tag: { readonly name: string; readonly description: string }
  readonly summary: string
  readonly access: RouteAccess
  /** What it changes, as the audit has it (`request.changed`); `null`: nothing, or what has a record of its own. Of whatever only reads it is left out. */
  readonly changes?: AuditAction | null
  /** Answers that are no problem, by status. They describe: a route writes its answers itself, and nothing is checked on the way out. */
  readonly answers: Readonly<Record<number, ZodOpenApiResponseObject>>
  /** Problems of its own; those that any address may answer are added. */
  readonly problems?: readonly ProblemCode[]
  /** A body that the route reads by itself. */
  readonly body?: ZodOpenApiRequestBodyObject
}

declare module 'fastify' {
  interface FastifySchema {
    /** Left out: the address is not in the OpenAPI document, like those of pages. */
    readonly operation?: Operation
  }
}

/** An answer of JSON. `more`: other media types of the same answer. */
export function json(
  schema: z.ZodType,
  description: string,
  more: ZodOpenApiResponseObject['content'] = {},
): ZodOpenApiResponseObject {
  return { description, content: { 'application/json': { schema }, ...more } }
}

/** Types of a route's `params`, `query`, `headers` and `body`, from its schemas: `app.withTypeProvider<ZodTypes>()`. */
export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
}

/** Checks a part of a request by the route's schema; a part that is not what it must be is a 400 that names every member at fault. */
export const validatorOf: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  if (httpPart !== 'body') return (input: unknown) => resultOf(parseParameters(schema, input))
  return (input: unknown) => resultOf(parseBody(schema, input ?? undefined)) // Fastify passes a body that is missing as null.
}

function resultOf(parsed: ReturnType<typeof parseBody>): { value: unknown } | { error: Error } {
  return parsed.ok ? { value: parsed.value } : { error: new Refused(parsed.problem) }
}
