import { problemOf } from '@deskpulse/contract'
import type { FastifyReply } from 'fastify'
import type { Desk } from '../desk.ts'
import { type PeriodsAnswer, type PeriodsRequest, periodsStep } from '../questions/periods.ts'
import { ask } from '../reading/question.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { answerOf, type Exchange } from './answers.ts'
import { toCsv } from './csv.ts'
import { preferredType } from './media-type.ts'
import { sendProblem } from './problems.ts'
import { jsonOf, type Representation } from './representation.ts'

/** The address of the page after this one, relative to it. */
function nextPage(url: string, cursor: string): string {
  const query = new URLSearchParams(url.split('?')[1])
  query.set('cursor', cursor)
  return `<?${query.toString()}>; rel="next"`
}

/** JSON, or CSV when `Accept` prefers it; the next page, where there is one, is also in `Link`. */
export async function answerPeriods(exchange: Exchange, tenant: string, desk: Desk, query: PeriodsRequest): Promise<FastifyReply> {
  const { request, reply, view } = exchange
  const type = preferredType(request.headers.accept)
  if (type === null) return sendProblem(reply, problemOf('not-acceptable', 'there are application/json and text/csv'))
  const question = tenantQuestion(tenant, desk.configured(tenant), (basis) => periodsStep(query, basis))
  if (type === 'text/csv') {
    const { result } = await ask(view, question)
    if (!result.ok) return sendProblem(reply, result.problem)
    reply.header('vary', 'accept').header('cache-control', 'no-cache').type('text/csv; charset=utf-8')
    return reply.send(toCsv(result.value))
  }
  return answerOf(exchange, question, (answer: PeriodsAnswer, stale): Representation => {
    const { body, headers } = jsonOf(answer, stale)
    const link = answer.cursor !== undefined && { link: nextPage(request.url, answer.cursor) }
    return { body, headers: { ...headers, ...link, vary: 'accept' } }
  })
}
