import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isStale, type Stamped } from '../questions/answer.ts'
import { ask, type Question } from '../reading/question.ts'
import type { PartitionView } from '../reading/partition-view.ts'
import type { Result } from '../reading/results.ts'
import type { Outcome } from '../reading/tenant.ts'
import { toJson } from './json.ts'
import { sendProblem } from './problems.ts'

const etagOf = (body: Buffer): string => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

function matches(request: FastifyRequest, etag: string): boolean {
  const asked = request.headers['if-none-match']
  return asked !== undefined && asked.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

async function sendResult(request: FastifyRequest, reply: FastifyReply, { body, etag }: Result): Promise<FastifyReply> {
  reply.header('etag', etag).header('cache-control', 'no-cache')
  if (matches(request, etag)) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

/** `stale` stands behind `asOf`: how old, and whether that is too old. */
export function stamped(answer: object, stale: boolean): object {
  return Object.fromEntries(Object.entries(answer).flatMap((entry) => (entry[0] === 'asOf' ? [entry, ['stale', stale]] : [entry])))
}

/**
 * Answers with JSON made of one moment, and `stale`. An address that was asked before costs nothing until the next commit; a client that names the
 * ETag that it has gets 304.
 */
export async function answerJson<Answer extends object>(
  { request, reply, view, nowMs }: { request: FastifyRequest; reply: FastifyReply; view: PartitionView; nowMs: () => number },
  question: Question<Outcome<Stamped<Answer>>>,
): Promise<FastifyReply> {
  const known = view.results.get(request.url)
  if (known !== undefined && known.stale === isStale(known.watermarkMs, nowMs())) return sendResult(request, reply, known)
  const { result, answer } = await ask(view, question)
  if (!result.ok) return sendProblem(reply, result.problem)
  const { watermarkMs, cursor } = answer
  const stale = isStale(watermarkMs, nowMs())
  const body = Buffer.from(toJson(stamped(result.value, stale)))
  const made = { body, etag: etagOf(body), watermarkMs, stale }
  view.results.put(request.url, cursor, made)
  return sendResult(request, reply, made)
}
