import { isDeepStrictEqual } from 'node:util'
import { type Problem, problemMediaType } from '@deskpulse/contract'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { timesTold } from '../http/access/changes.ts'
import { problemsOfOperation } from '../http/openapi.ts'
import type { Operation } from '../http/route-schema.ts'

/**
 * Makes an answer that its route's `operation` does not describe a 500 that says so, also one whose request has not said once what it changed:
 * whatever a test asks proves the OpenAPI document.
 */
export function holdAnswersToDocument(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const operation = request.routeOptions.schema?.operation
    if (operation === undefined) return payload
    const times = timesTold(request)
    const isOutOfStep = reply.statusCode < 400 && times !== (operation.changes ? 1 : 0)
    if (isOutOfStep) {
      reply.code(500).type('text/plain')
      return `${operation.id} has said ${times} times what it changed`
    }
    if (!(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload
    const misfit = misfitOf(
      operation,
      reply.statusCode,
      String(reply.getHeader('content-type') ?? ''),
      payload.toString(),
    )
    if (misfit === null) return payload
    reply.code(500).type('text/plain')
    return `${operation.id} is not documented so: ${misfit}`
  })
}

/** `null`: the document describes the answer. */
function misfitOf(operation: Operation, status: number, type: string, text: string): string | null {
  const mediaType = type.split(';', 1)[0] ?? ''
  if (mediaType === problemMediaType) {
    const { code } = JSON.parse(text) as Problem
    return problemsOfOperation(operation).includes(code) ? null : `the problem ${code}`
  }
  const described = operation.answers[status]
  if (described === undefined) return `status ${status}`
  if (text === '') return null
  const schema = described.content?.[mediaType]?.schema
  if (!(schema instanceof z.ZodType)) return `media type ${mediaType} of status ${status}`
  const value: unknown = mediaType === 'application/json' ? JSON.parse(text) : text
  const parsed = schema.safeParse(value)
  if (!parsed.success) return z.prettifyError(parsed.error)
  return isDeepStrictEqual(parsed.data, value) ? null : 'a member that the schema does not have'
}
