import { createHash } from 'node:crypto'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isStale, type Stamped } from '../questions/answer.ts'
import { ask, type Question } from '../reading/question.ts'
import type { PartitionView } from '../reading/partition-view.ts'
import type { Result } from '../reading/results.ts'
import { granted, type Outcome } from '../reading/tenant.ts'
import { toJson } from './json.ts'

const etagOf = (body: Buffer): string => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

type Request = Pick<FastifyRequest, 'url' | 'headers'>

function matches(request: Request, etag: string): boolean {
  const asked = request.headers['if-none-match']
  return asked !== undefined && asked.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

async function sendResult(request: Request, reply: FastifyReply, { body, etag }: Result): Promise<FastifyReply> {
  reply.header('etag', etag).header('cache-control', 'no-cache')
  if (matches(request, etag)) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

/** `stale` stands behind `asOf`: how old, and whether that is too old. */
export function stamped(answer: object, stale: boolean): object {
  return Object.fromEntries(Object.entries(answer).flatMap((entry) => (entry[0] === 'asOf' ? [entry, ['stale', stale]] : [entry])))
}

export type Exchange = {
  readonly request: Request
  readonly reply: FastifyReply
  readonly view: PartitionView
  readonly nowMs: () => number
}

/** The answer that this very address got since the last commit; `null`: there is none. */
export function answerAgain({ request, reply, view, nowMs }: Exchange): Promise<FastifyReply> | null {
  const known = view.results.get(request.url)
  const isGood = known !== undefined && known.stale === isStale(known.watermarkMs, nowMs())
  return isGood ? sendResult(request, reply, known) : null
}

/** Answers with JSON made of one moment, and `stale`. A client that names the ETag that it has gets 304. */
export async function answerJson<Answer extends object>(
  { request, reply, view, nowMs }: Exchange,
  question: Question<Outcome<Stamped<Answer>>>,
): Promise<FastifyReply> {
  const outcome = await view.results.make(request.url, async () => {
    const { result, answer } = await ask(view, question)
    if (!result.ok) return result
    const { watermarkMs, cursor } = answer
    const stale = isStale(watermarkMs, nowMs())
    const body = Buffer.from(toJson(stamped(result.value, stale)))
    return granted({ cursor, result: { body, etag: etagOf(body), watermarkMs, stale } })
  })
  return outcome.ok ? sendResult(request, reply, outcome.value) : sendProblem(reply, outcome.problem)
}
