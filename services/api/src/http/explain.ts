import { Readable } from 'node:stream'
import { type ExplainResponse, problemOf } from '@deskpulse/contract'
import { parseWindow } from '@deskpulse/core/kpis'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { explainCsv } from '../csv/explain.ts'
import { decodeCursor, encodeCursor, firstPage, type PageStart } from '../explain/cursor.ts'
import { numbersOf } from '../explain/entry.ts'
import { type ExplainedPage, type ExplainSource, explainPage } from '../explain/explain.ts'
import type { ExplainRequest } from '../explain/request.ts'
import {
  completenessHeaders,
  completenessOf,
  iso,
  isStale,
  type Stamped,
} from '../questions/answer.ts'
import type { ReadModel } from '../read-model.ts'
import { granted, type Outcome } from '../reading/tenant.ts'
import { turns } from '../reading/turns.ts'
import { answerMade, clockIn, type Exchange } from './answers.ts'
import { csvHeaders, negotiated } from './negotiation.ts'
import { asOfHeader, jsonOf, nextPageLink, withHeaders } from './representation.ts'

type Query = Omit<ExplainRequest, 'window'> & {
  readonly window?: string
  readonly include?: 'events'
  readonly format?: 'json' | 'csv'
  readonly bom?: boolean
  readonly limit?: number
  readonly cursor?: string
}

/** Rows of a page of JSON, where nothing is asked for, and of one that is read for CSV. */
const [rowsUsual, rowsMax] = [100, 1_000]
/** So many pages without a row are passed over in one answer: a window of minutes is looked for in a whole day. */
const emptyPagesMax = 10

/** A page of JSON, the next one also in `Link`; or all rows as CSV. */
export async function answerExplain(
  exchange: Exchange,
  tenant: string,
  model: ReadModel,
  query: Query,
): Promise<FastifyReply> {
  const { request, reply, enter, nowMs } = exchange
  const type = negotiated(request, query)
  if (!type.ok) return sendProblem(reply, type.problem)
  const from = query.cursor === undefined ? firstPage : decodeCursor(query.cursor)
  if (from === null) return sendProblem(reply, badCursor(query.cursor!))
  const asked = requestOf(query)
  const source: ExplainSource = {
    ...{ tenant, configured: model.configured(tenant), enter },
    read: (wanted) => model.readNow(tenant, wanted),
  }
  const withEvents = query.include === 'events'
  if (type.value === 'text/csv') {
    const pageOf = (start: PageStart, one: ExplainSource): Promise<Outcome<ExplainedPage>> =>
      explainPage(one, asked, { from: start, limit: rowsMax, withEvents: false })
    const csv = await explainCsv(source, pageOf, query.bom ?? false)
    if (!csv.ok) return sendProblem(reply, csv.problem)
    const { first, text } = csv.value
    const asOf = iso(first.snapshot.logTimeMs)
    reply.headers({
      ...csvHeaders(tenant, 'explain', query.kpi, query.window ?? query.from ?? asOf),
      ...completenessHeaders(completenessOf(first.basis, first.explained.period)),
      ...{ [asOfHeader]: asOf, 'cache-control': 'no-cache' },
    })
    return reply.send(Readable.from(request.method === 'HEAD' ? [] : text))
  }
  return answerMade(exchange, async () => {
    const options = { limit: query.limit ?? rowsUsual, withEvents }
    let page = await explainPage(source, asked, { ...options, from })
    for (let passed = 1; passed < emptyPagesMax; passed += 1) {
      if (!page.ok || page.value.listing.rows.length > 0 || page.value.listing.next === null) break
      page = await explainPage(source, asked, { ...options, from: page.value.listing.next })
    }
    if (!page.ok) return page
    const { snapshot, clock } = page.value
    const position = { watermarkMs: snapshot.watermarkMs, logTimeMs: snapshot.logTimeMs }
    const stale = isStale(position, nowMs())
    const answer = answerFrom(tenant, page.value)
    const shown = await jsonOf(answer, { stale, clock: clockIn(clock) }, turns())
    const headers = { ...nextPageLink(request.url, answer.cursor), vary: 'accept' }
    return granted({
      cursor: snapshot.cursor,
      result: { ...withHeaders(shown, headers), position, stale },
    })
  })
}

function requestOf({ window, ...query }: Query): ExplainRequest {
  if (window === undefined) return query
  const parsed = parseWindow(window)
  if (parsed === null) throw new RangeError(`the schema let a window pass: ${window}`)
  return { ...query, window: parsed }
}

function answerFrom(
  tenant: string,
  { basis, explained, value, listing, snapshot }: ExplainedPage,
): Stamped<ExplainResponse> {
  const { kpi, slice, period, plan } = explained
  const { rows, sums, next } = listing
  const [start, end] = [iso(plan.startMs), iso(plan.endMs ?? snapshot.logTimeMs)]
  return {
    ...{ tenant, asOf: iso(snapshot.logTimeMs) },
    ...completenessOf(basis, period),
    ...{ source: 'state', kpi: kpi.id, slice: slice.text },
    ...(period === null
      ? { window: { start, end } }
      : { period: { kind: period.kind, label: period.label, start, end } }),
    value: value as ExplainResponse['value'],
    sums: numbersOf(kpi.terms!, sums),
    rows: [...rows],
    ...(next !== null && { cursor: encodeCursor(next) }),
  }
}

function badCursor(got: string): Parameters<typeof sendProblem>[1] {
  const error = { path: 'cursor', expected: 'the cursor of an answer to the same question', got }
  return problemOf('bad-request', 'not what it must be: cursor', [error])
}
