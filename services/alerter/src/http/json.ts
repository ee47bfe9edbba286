import type { FastifyReply } from 'fastify'

/** JSON that no cache keeps without asking. */
export function sendJson(reply: FastifyReply, body: object, status = 200): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-cache')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}
