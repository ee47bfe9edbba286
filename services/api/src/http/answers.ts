import { clockResponse, decodeClockProblem } from '@deskpulse/contract'
import { logClockKey } from '@deskpulse/core/state'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isStale, type Standing } from '../questions/answer.ts'
import { mapped } from '../questions/mapped.ts'
import { decodedOnce } from '../reading/decoded-once.ts'
import type { PartitionView } from '../reading/partition-view.ts'
import type { Answer as Read } from '../reading/held.ts'
import { ask, type Enter, type Question } from '../reading/question.ts'
import type { Made, Result } from '../reading/results.ts'
import type { Outcome } from '../reading/tenant.ts'
import type { Turns } from '../reading/turns.ts'
import { jsonOrCsv, jsonOrTable, preferredType } from './media-type.ts'
import { jsonOf, type OfMoment, type Representation } from './representation.ts'

/** As much of a request as an answer needs, whatever its route declares. */
export type Request = Pick<FastifyRequest, 'url' | 'headers' | 'method'>

export type Exchange = {
  readonly request: Request
  readonly reply: FastifyReply
  readonly view: PartitionView
  /** When what is asked may be worked on. */
  readonly enter: Enter
  /** Another one with every customer who is erased: answers from before are not given again. */
  readonly erasure: number
  readonly nowMs: () => number
}

/** The weak comparison of RFC 9110: a proxy that packs the body makes a strong tag weak. */
function matches(request: Request, etag: string): boolean {
  const asked = request.headers['if-none-match']
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '')
  return asked !== undefined && asked.split(',').some((one) => opaque(one) === opaque(etag))
}

async function sendResult(
  { request, reply }: Exchange,
  { body, headers }: Result,
): Promise<FastifyReply> {
  const { 'content-type': type, ...others } = headers
  reply.headers({ ...others, 'cache-control': 'no-cache' })
  if (matches(request, headers['etag'] ?? '')) return reply.code(304).send()
  return reply.type(type ?? '').send(body)
}

/** What an answer depends on: its address, and where that leaves it open, the type that is preferred of those that it may be offered as; and who was erased. */
const addressOf = ({ request: { headers, url }, erasure }: Exchange): string =>
  `${preferredType(headers.accept, jsonOrCsv)} ${preferredType(headers.accept, jsonOrTable)} ${erasure} ${url}`

/** The answer that this very address got since the last commit; `null`: there is none. */
export function answerAgain(exchange: Exchange): Promise<FastifyReply> | null {
  const known = exchange.view.results.get(addressOf(exchange))
  const isGood = known !== undefined && known.stale === isStale(known.position, exchange.nowMs())
  return isGood ? sendResult(exchange, known) : null
}

const clockOf = decodedOnce(decodeClockProblem)

/** Answers with what was made of one moment, as JSON unless told otherwise. A client that names the ETag that it has gets 304. */
export async function answerOf<Answer extends OfMoment>(
  exchange: Exchange,
  question: Question<Outcome<Answer>>,
  represent: (
    answer: Answer,
    standing: Standing,
    turn: Turns,
  ) => Representation | Promise<Representation> = jsonOf,
): Promise<FastifyReply> {
  const { view, enter, nowMs } = exchange
  const made = async (
    answer: Answer,
    clock: Standing['clock'],
    { watermarkMs, logTimeMs, cursor }: Read,
    turn: Turns,
  ): Promise<Made> => {
    const position = { watermarkMs, logTimeMs }
    const stale = isStale(position, nowMs())
    return {
      cursor,
      result: { ...(await represent(answer, { stale, clock }, turn)), position, stale },
    }
  }
  const whole = {
    basis: { ...question.basis, keys: [logClockKey, ...question.basis.keys] },
    plan(basis: Read) {
      const [stored, ...values] = basis.values
      const clock = clockIn(stored ?? null)
      return mapped(question.plan({ ...basis, values }), (answer, read, turn) =>
        made(answer, clock, read, turn),
      )
    },
  }
  return answerMade(exchange, () => ask(view, whole, enter))
}

/** Answers with what is made, which stands until the next commit; who asks for the same meanwhile shares it. */
export async function answerMade(
  exchange: Exchange,
  make: () => Promise<Outcome<Made>>,
): Promise<FastifyReply> {
  const { reply, view } = exchange
  const outcome = await view.results.make(addressOf(exchange), make)
  return outcome.ok ? sendResult(exchange, outcome.value) : sendProblem(reply, outcome.problem)
}

/** Answers with what is made for this request alone. */
export async function answerOnce(
  exchange: Exchange,
  make: () => Promise<Outcome<Made>>,
): Promise<FastifyReply> {
  const outcome = await make()
  return outcome.ok
    ? sendResult(exchange, outcome.value.result)
    : sendProblem(exchange.reply, outcome.problem)
}

/** What is wrong with the clocks in the log, as an answer says it. */
export const clockIn = (stored: Uint8Array | null): Standing['clock'] =>
  clockResponse(stored ? clockOf(stored) : null)
