import { type Problem, problemMediaType, problemOf } from '@deskpulse/contract'
import { DeskpulseError } from '@deskpulse/stream'
import type { FastifyError, FastifyReply } from 'fastify'

const retryAfterSeconds = 2

export async function sendProblem(reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  if (problem.status === 429 || problem.status === 503) reply.header('retry-after', retryAfterSeconds)
  return reply.code(problem.status).type(problemMediaType).header('cache-control', 'no-store').send(JSON.stringify(problem))
}

/** An answer that is a problem, from wherever it is found. */
export class Refused extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** @throws Refused */
export function refuse(...problem: Parameters<typeof problemOf>): never {
  throw new Refused(problemOf(...problem))
}

/** Errors of the store, the log and of Fastify's body reading as problems; `null`: a defect. */
function problemOfError(error: unknown): Problem | null {
  if (error instanceof Refused) return error.problem
  switch ((error as Partial<FastifyError> | null)?.code) {
    case 'STORE_UNAVAILABLE':
      return problemOf('store-unavailable', 'the store does not answer; alerts are as they were')
    case 'LOG_UNAVAILABLE':
      return problemOf('log-unavailable', 'what was asked may or may not be taken down; look before you ask again')
    case 'LOG_FULL':
      return problemOf('log-full', 'the log cannot take more; what it has stays readable')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problemOf('unsupported-media-type', 'send application/json')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problemOf('too-large', 'the body is too large')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problemOf('bad-request', 'the body is not as long as Content-Length says')
    default:
      return null
  }
}

/** The one place where an error becomes an answer. What is no operating error is logged and tells the client nothing. */
export async function sendError(reply: FastifyReply, error: unknown): Promise<FastifyReply> {
  const problem = problemOfError(error)
  if (problem === null) reply.log.error({ err: error }, 'a request failed')
  else if (error instanceof DeskpulseError) reply.log.warn({ code: error.code }, 'a request could not be worked on')
  return sendProblem(reply, problem ?? problemOf('internal', 'the request could not be worked on'))
}
