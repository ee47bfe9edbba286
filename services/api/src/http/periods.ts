import { Readable } from 'node:stream'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { type CsvOptions, periodsCsv } from '../csv/periods.ts'
import type { ReadModel } from '../read-model.ts'
import { completenessHeaders } from '../questions/answer.ts'
import { type PeriodsAnswer, type PeriodsRequest, periodsStep } from '../questions/periods.ts'
import { Revisions } from '../questions/revisions.ts'
import { isOfAgents } from '../questions/slices.ts'
import { ask } from '../reading/question.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { answerOf, type Exchange } from './answers.ts'
import { jsonOrCsv } from './media-type.ts'
import { csvHeaders, negotiated } from './negotiation.ts'
import { asOfHeader, jsonOf, nextPageLink, withHeaders } from './representation.ts'

type Query = PeriodsRequest & CsvOptions & { readonly format?: 'json' | 'csv' }

/** A page of JSON, the next one also in `Link`; or all rows as CSV. */
export async function answerPeriods(
  exchange: Exchange,
  tenant: string,
  model: ReadModel,
  query: Query,
): Promise<FastifyReply> {
  const { request, reply, view, enter } = exchange
  const type = negotiated(request, query, jsonOrCsv)
  if (!type.ok) return sendProblem(reply, type.problem)
  const configured = model.configured(tenant)
  if (type.value === 'text/csv') {
    const csv = await periodsCsv({ view, enter, tenant, configured }, query, query)
    if (!csv.ok) return sendProblem(reply, csv.problem)
    const { asOf, text, ...complete } = csv.value
    reply.headers({
      ...csvHeaders(tenant, query.period, query.from, query.to),
      ...completenessHeaders(complete),
    })
    reply.headers({ [asOfHeader]: asOf, 'cache-control': 'no-cache' })
    return reply.send(Readable.from(request.method === 'HEAD' ? [] : text))
  }
  const revisions = query.revision === 'all' ? new Revisions() : null
  const question = tenantQuestion(
    tenant,
    configured,
    (basis) => periodsStep(query, basis, revisions),
    { rosters: isOfAgents(query.slice) },
  )
  if (revisions !== null) await ask(view, question, enter) // How many there are.
  return answerOf(exchange, question, async (answer: PeriodsAnswer, standing, turn) => {
    return withHeaders(await jsonOf(answer, standing, turn), {
      ...nextPageLink(request.url, answer.cursor),
      vary: 'accept',
    })
  })
}
