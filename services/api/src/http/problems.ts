import { type Problem, problemMediaType, problemOf } from '@deskpulse/contract'
import { DeskpulseError } from '@deskpulse/stream'
import type { FastifyReply } from 'fastify'

const retryAfterSeconds = 2

export async function sendProblem(reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  if (problem.status === 503) reply.header('retry-after', retryAfterSeconds)
  return reply.code(problem.status).type(problemMediaType).header('cache-control', 'no-store').send(JSON.stringify(problem))
}

/** The one place where an error becomes an answer. What is no operating error is logged and tells the client nothing. */
export async function sendError(reply: FastifyReply, error: unknown): Promise<FastifyReply> {
  if (error instanceof DeskpulseError && error.code === 'STORE_UNAVAILABLE') {
    reply.log.warn({ code: error.code }, 'a request could not be answered')
    return sendProblem(reply, problemOf('store-unavailable', 'the store does not answer; values are as they were'))
  }
  reply.log.error({ err: error }, 'a request failed')
  return sendProblem(reply, problemOf('internal', 'the request could not be worked on'))
}
