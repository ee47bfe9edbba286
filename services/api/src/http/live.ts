import { sendProblem } from '@deskpulse/runtime'
import { parseWindow } from '@deskpulse/core'
import type { FastifyReply } from 'fastify'
import { liveCsv } from '../csv/live.ts'
import type { CsvOptions } from '../csv/periods.ts'
import type { Desk } from '../desk.ts'
import { kpisOf } from '../questions/kpis.ts'
import { type LiveRequest, liveStep } from '../questions/live.ts'
import { mapped } from '../questions/mapped.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { answerOf, type Exchange } from './answers.ts'
import { toJson } from './json.ts'
import { csvHeaders, negotiated } from './negotiation.ts'
import { asOfHeader, etagOf, jsonOf, type Representation, withHeaders } from './representation.ts'

type Query = Omit<LiveRequest, 'window'> & CsvOptions & { readonly window: string; readonly format?: 'json' | 'csv' }

/** JSON or CSV, both kept until the next commit. */
export async function answerLive(exchange: Exchange, tenant: string, desk: Desk, query: Query): Promise<FastifyReply> {
  const { request, reply } = exchange
  const type = negotiated(request, query)
  if (!type.ok) return sendProblem(reply, type.problem)
  const window = parseWindow(query.window)
  if (window === null) throw new RangeError(`the schema let a window pass: ${query.window}`)
  const question = tenantQuestion(tenant, desk.configured(tenant), (basis) => {
    const columns = kpisOf(query.kpis, basis.config)
    if (!columns.ok) return { kind: 'settled', result: columns }
    const step = liveStep({ slice: query.slice, kpis: query.kpis, window }, basis)
    return mapped(step, (live) => ({ ...live, columns: columns.value }))
  })
  return answerOf(exchange, question, async ({ columns, ...live }, stale, turn): Promise<Representation> => {
    if (type.value === 'application/json') return withHeaders(await jsonOf(live, stale, turn), { vary: 'accept' })
    const { asOf, window: shown, rows } = live
    const named = { etag: etagOf('csv', shown.start, toJson(rows)), [asOfHeader]: asOf }
    return withHeaders({ body: Buffer.from(liveCsv(live, columns, query)), headers: named }, csvHeaders(tenant, 'live', query.window, asOf))
  })
}
