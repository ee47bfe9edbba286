import { type Problem, problemMediaType, problemOf } from '@deskpulse/contract'
import { DeskpulseError } from '@deskpulse/stream'
import type { FastifyError, FastifyReply } from 'fastify'

const retryAfterSeconds = 2

/** Errors of the log and of Fastify's body reading as problems; `null`: a defect. */
function problemOfError(error: unknown): Problem | null {
  const code = (error as Partial<FastifyError> | null)?.code
  switch (code) {
    case 'LOG_BUSY':
      return problemOf('overloaded', 'more is under way than the log takes in')
    case 'LOG_UNAVAILABLE':
      return problemOf('log-unavailable', 'what was sent may or may not be in the log; sending it again is harmless')
    case 'LOG_FULL':
      return problemOf('log-full', 'the log cannot take more; what it has stays readable')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problemOf('unsupported-media-type', 'send application/json, application/cloudevents+json or application/x-ndjson')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problemOf('too-large', 'the body is too large; send smaller arrays, or NDJSON')
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'ECONNRESET':
      return problemOf('bad-request', 'the body ended before its end; what came before is in the log')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problemOf('bad-request', 'the body is not as long as Content-Length says')
    default:
      return null
  }
}

export async function sendProblem(reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  const isPassing = problem.status === 429 || problem.status === 503
  if (isPassing) reply.header('retry-after', retryAfterSeconds)
  return reply.code(problem.status).type(problemMediaType).send(JSON.stringify(problem))
}

/** The one place where an error becomes an answer. What is no operating error is logged and tells the client nothing. */
export async function sendError(reply: FastifyReply, error: unknown): Promise<FastifyReply> {
  const problem = problemOfError(error)
  if (problem === null) reply.log.error({ err: error }, 'a request failed')
  else if (error instanceof DeskpulseError) reply.log.warn({ code: error.code }, 'a request could not be taken in')
  return sendProblem(reply, problem ?? problemOf('internal', 'the request could not be worked on'))
}
