import { type Problem, type ProblemCode, problemMediaType, problemOf } from '@deskpulse/contract'
import type { FastifyError, FastifyReply } from 'fastify'

const retryAfterSeconds = 2

/** Answers with a problem. 429 and 503 say when to try again; after 408 the connection ends, since the rest of the request may still come on it. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if ((problem.status === 429 || problem.status === 503) && !reply.hasHeader('retry-after'))
    reply.header('retry-after', retryAfterSeconds)
  if (problem.status === 408) reply.header('connection', 'close')
  return reply
    .code(problem.status)
    .type(problemMediaType)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem))
}

/** A problem that is thrown, from wherever it is found. */
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

type Answer = readonly [code: ProblemCode, detail: string]

/** Operating errors of log and store, by their code. */
const ofOperation: Readonly<Record<string, Answer>> = {
  STORE_UNAVAILABLE: ['store-unavailable', 'the store does not answer; nothing in it has changed'],
  STORE_UNREADABLE: [
    'store-fold-version',
    'values are answered once deskpulse rebuild has made the state anew (docs/operations.md#rebuilding-the-state)',
  ],
  LOG_UNAVAILABLE: [
    'log-unavailable',
    'what was sent may or may not be in the log; events may be sent again, other changes are to be looked at first',
  ],
  LOG_BUSY: ['overloaded', 'more is under way than the log takes in'],
  LOG_FULL: ['log-full', 'the log cannot take more; what it has stays readable'],
}

/** Errors of reading a request, by their code: Fastify's, and those of a connection that breaks. */
const ofReading: Readonly<Record<string, Answer>> = {
  FST_ERR_BAD_URL: ['bad-http', 'the address is not percent-encoded UTF-8'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'the body is too large'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'bad-http',
    'the body is not as long as Content-Length says',
  ],
  ERR_STREAM_PREMATURE_CLOSE: [
    'bad-http',
    'the body ended before its end; what came before was taken in',
  ],
  ECONNRESET: ['bad-http', 'the body ended before its end; what came before was taken in'],
}

/** `null`: a defect. */
function problemOfError(
  code: string,
  statusCode: number,
  { request }: FastifyReply,
): Problem | null {
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const types = Object.keys(
      request.routeOptions.schema?.operation?.body?.content ?? { 'application/json': {} },
    )
    return problemOf('unsupported-media-type', `send ${types.join(', ')}`)
  }
  const answer = ofOperation[code] ?? ofReading[code]
  if (answer !== undefined) return problemOf(...answer)
  return problemOfStatus(statusCode)
}

/** What a plugin refuses: files of a page that there are not, or conditions that cannot be met. */
function problemOfStatus(status: number): Problem | null {
  if (status === 403 || status === 404)
    return problemOf('not-found', 'there is nothing at this address')
  return status >= 400 && status < 500 ? problemOf('bad-http', 'it cannot be answered so') : null
}

/** The one place where an error becomes an answer. A defect is logged and tells the client nothing. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof Refused) return sendProblem(reply, error.problem)
  const { code = '', statusCode = 500 } = (error ?? {}) as Partial<FastifyError>
  if (Object.hasOwn(ofOperation, code))
    reply.log.warn({ reqId: reply.request.id, code }, 'a request could not be worked on')
  const problem = problemOfError(code, statusCode, reply)
  if (problem !== null) return sendProblem(reply, problem)
  reply.log.error({ reqId: reply.request.id, err: error }, 'a request failed')
  return sendProblem(reply, problemOf('internal', 'the request could not be worked on'))
}
