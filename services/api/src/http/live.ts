import { Readable } from 'node:stream'
import { sendProblem } from '@deskpulse/runtime'
import { parseWindow } from '@deskpulse/core/kpis'
import type { FastifyReply } from 'fastify'
import { liveCsv, liveCsvPages, livePage, livePlanned } from '../csv/live.ts'
import type { CsvOptions } from '../csv/periods.ts'
import type { ReadModel } from '../read-model.ts'
import { completenessHeaders } from '../questions/answer.ts'
import type { LiveRequest } from '../questions/live.ts'
import { hasStar, isOfAgents } from '../questions/slices.ts'
import { tenantQuestion } from '../reading/tenant.ts'
import { answerOf, type Exchange } from './answers.ts'
import { toJson } from './json.ts'
import { jsonOrCsv } from './media-type.ts'
import { csvHeaders, negotiated } from './negotiation.ts'
import {
  asOfHeader,
  etagOf,
  jsonOf,
  nextPageLink,
  type Representation,
  withHeaders,
} from './representation.ts'

type Query = Omit<LiveRequest, 'window'> &
  CsvOptions & { readonly window: string; readonly format?: 'json' | 'csv' }

/** JSON or CSV, both kept until the next commit. Of more rows than one answer holds, JSON has pages and CSV all of them. */
export async function answerLive(
  exchange: Exchange,
  tenant: string,
  model: ReadModel,
  query: Query,
): Promise<FastifyReply> {
  const { request, reply, view, enter } = exchange
  const type = negotiated(request, query, jsonOrCsv)
  if (!type.ok) return sendProblem(reply, type.problem)
  const window = parseWindow(query.window)
  if (window === null) throw new RangeError(`the schema let a window pass: ${query.window}`)
  const asked: LiveRequest = { ...query, window }
  const configured = model.configured(tenant)
  if (type.value === 'text/csv' && query.slice.some(hasStar)) {
    const source = { view, enter, tenant, configured }
    const first = await livePage(source, asked, enter)
    if (first.ok && first.value.cursor !== undefined) {
      const { asOf } = first.value
      reply.headers({
        ...csvHeaders(tenant, 'live', query.window, asOf),
        ...completenessHeaders(first.value),
      })
      reply.headers({ [asOfHeader]: asOf, 'cache-control': 'no-cache' })
      return reply.send(
        Readable.from(
          request.method === 'HEAD' ? [] : liveCsvPages(source, asked, first.value, query),
        ),
      )
    }
  }
  const question = tenantQuestion(tenant, configured, (basis) => livePlanned(asked, basis), {
    rosters: isOfAgents(asked.slice),
  })
  return answerOf(
    exchange,
    question,
    async ({ columns, ...live }, standing, turn): Promise<Representation> => {
      if (type.value === 'application/json') {
        return withHeaders(await jsonOf(live, standing, turn), {
          ...nextPageLink(request.url, live.cursor),
          vary: 'accept',
        })
      }
      const { asOf, window: shown, rows } = live
      const missing = completenessHeaders(live)
      const named = {
        ...missing,
        etag: etagOf('csv', shown.start, toJson(missing), toJson(rows)),
        [asOfHeader]: asOf,
      }
      return withHeaders(
        { body: Buffer.from(liveCsv(live, columns, query)), headers: named },
        csvHeaders(tenant, 'live', query.window, asOf),
      )
    },
  )
}
