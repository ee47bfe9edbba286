import { type ParsedParameters, parseBody, parseParameters, problemOf } from '@deskpulse/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import { Refused, sendProblem } from './problems.ts'
import { refuseForeign } from './same-origin.ts'

/** What a body may weigh: a rule with its texts, a silence with its matchers. */
export const bodyBytesMax = 64 * 1024

/** A request whose parts are read by schemas. Each part that is not what it must be is a 400 that names every member at fault. */
export type Exchange = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  path<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
  query<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
  body<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
}

export type Handler = (exchange: Exchange) => Promise<unknown>
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'DELETE']

function granted<Value>(parsed: ParsedParameters<Value>): Value {
  if (!parsed.ok) throw new Refused(parsed.problem)
  return parsed.value
}

function exchange(request: FastifyRequest, reply: FastifyReply): Exchange {
  return {
    request,
    reply,
    path: (schema) => granted(parseParameters(schema, request.params)),
    query: (schema) => granted(parseParameters(schema, request.query)),
    body: (schema) => granted(parseBody(schema, request.body)),
  }
}

/** What an address offers; 405 for what else is tried there. Whatever changes something comes from no other site's page. */
export function offer(
  app: FastifyInstance,
  url: string,
  handlers: Readonly<Partial<Record<Method, Handler>>>,
  ownOrigin: string | null,
): void {
  const offered = methods.filter((method) => handlers[method] !== undefined)
  for (const method of offered) {
    app.route({
      method,
      url,
      bodyLimit: bodyBytesMax,
      onRequest: async (request) => {
        if (method !== 'GET') refuseForeign(request, ownOrigin)
      },
      handler: (request, reply) => handlers[method]!(exchange(request, reply)),
    })
  }
  const allowed = offered.includes('GET') ? ['GET', 'HEAD', ...offered.slice(1)] : offered
  app.route({
    method: [...methods, 'PATCH' as const].filter((method) => !(offered as readonly string[]).includes(method)),
    url,
    onRequest: async (_request, reply) =>
      sendProblem(reply.header('allow', allowed.join(', ')), problemOf('method-not-allowed', `offered here: ${allowed.join(', ')}`)),
    handler: () => undefined,
  })
}

/** JSON that no cache keeps without asking. */
export function sendJson(reply: FastifyReply, body: object, status = 200): FastifyReply {
  return reply.code(status).header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(JSON.stringify(body))
}
