import { problemOf } from '@deskpulse/contract'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Desk } from '../desk.ts'
import { isStale } from '../questions/answer.ts'
import { type PeriodsRequest, periodsStep } from '../questions/periods.ts'
import { ask } from '../reading/question.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { stamped } from './answers.ts'
import { toCsv } from './csv.ts'
import { toJson } from './json.ts'
import { preferredType } from './media-type.ts'

type Context = { readonly request: Pick<FastifyRequest, 'url' | 'headers'>; readonly reply: FastifyReply; readonly desk: Desk }

/** The address of the page after this one, relative to it. */
function nextPage(url: string, cursor: string): string {
  const query = new URLSearchParams(url.split('?')[1])
  query.set('cursor', cursor)
  return `<?${query.toString()}>; rel="next"`
}

/** JSON, or CSV when `Accept` prefers it; the next page, where there is one, is also in `Link`. */
export async function answerPeriods({ request, reply, desk }: Context, tenant: string, query: PeriodsRequest): Promise<FastifyReply> {
  const type = preferredType(request.headers.accept)
  if (type === null) return sendProblem(reply, problemOf('not-acceptable', 'there are application/json and text/csv'))
  const question = tenantQuestion(tenant, desk.configured(tenant), (basis) => periodsStep(query, basis))
  const { result, answer } = await ask(desk.viewOf(tenant), question)
  if (!result.ok) return sendProblem(reply, result.problem)
  const { cursor } = result.value
  if (cursor !== undefined) reply.header('link', nextPage(request.url, cursor))
  reply.header('vary', 'accept').header('cache-control', 'no-cache').type(`${type}; charset=utf-8`)
  if (type === 'text/csv') return reply.send(toCsv(result.value))
  return reply.send(toJson(stamped(result.value, isStale(answer.watermarkMs, desk.nowMs()))))
}
