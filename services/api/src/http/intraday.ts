import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { intradayCsv } from '../csv/intraday.ts'
import { completenessHeaders } from '../questions/answer.ts'
import { type IntradayRequest, intradayStep } from '../questions/intraday.ts'
import type { ReadModel } from '../read-model.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { answerOf, type Exchange } from './answers.ts'
import { jsonOrCsv } from './media-type.ts'
import { csvHeaders, negotiated } from './negotiation.ts'
import { asOfHeader, etagOf, jsonOf, withHeaders } from './representation.ts'

type Query = IntradayRequest & {
  readonly format?: 'json' | 'csv' | undefined
  readonly bom?: boolean | undefined
}

/** JSON, or its rows as CSV. */
export async function answerIntraday(
  exchange: Exchange,
  tenant: string,
  model: ReadModel,
  query: Query,
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const type = negotiated(request, query, jsonOrCsv)
  if (!type.ok) return sendProblem(reply, type.problem)
  const question = tenantQuestion(tenant, model.configured(tenant), (basis) =>
    intradayStep(query, basis),
  )
  return answerOf(exchange, question, async (intraday, standing, turn) => {
    if (type.value === 'application/json')
      return withHeaders(await jsonOf(intraday, standing, turn), { vary: 'accept' })
    const text = intradayCsv(intraday, query.bom ?? false)
    const headers = {
      ...completenessHeaders(intraday),
      etag: etagOf('csv', text),
      [asOfHeader]: intraday.asOf,
    }
    return withHeaders(
      { body: Buffer.from(text), headers },
      csvHeaders(tenant, 'intraday', query.queue ?? 'all', intraday.asOf),
    )
  })
}
