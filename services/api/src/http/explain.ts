import { Readable } from 'node:stream'
import { type ExplainResponse, problemOf } from '@deskpulse/contract'
import { parseWindow } from '@deskpulse/core/kpis'
import { sendProblem } from '@deskpulse/runtime'
import type { FastifyReply } from 'fastify'
import { explainCsv } from '../csv/explain.ts'
import { decodeCursor, encodeCursor, firstPage, type PageStart } from '../explain/cursor.ts'
import { numbersOf } from '../explain/entry.ts'
import { explainFromLog, isOfLog, type LogSource } from '../explain/from-log.ts'
import { explainFromState } from '../explain/from-state.ts'
import { explainedOf, type ExplainRequest } from '../explain/request.ts'
import { shownPage } from '../explain/shown.ts'
import { basisFor, type ExplainedPage, type ExplainPage } from '../explain/source.ts'
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
import type { Made } from '../reading/results.ts'
import { answerMade, answerOnce, clockIn, type Exchange } from './answers.ts'
import { jsonOrCsv } from './media-type.ts'
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
  const { request, reply, enter } = exchange
  const type = negotiated(request, query, jsonOrCsv)
  if (!type.ok) return sendProblem(reply, type.problem)
  const from = query.cursor === undefined ? firstPage : decodeCursor(query.cursor)
  if (from === null) return sendProblem(reply, badCursor(query.cursor!))
  const asked = requestOf(query)
  const sourceOf = (isPatient: boolean): LogSource => ({
    ...{ tenant, configured: model.configured(tenant), kept: model.replays },
    enter: (cost) => enter(cost, isPatient),
    read: (wanted) => model.readNow(tenant, wanted),
    partOf: (endOffset) => model.logOf(tenant, endOffset),
    now: () => performance.now(),
    progress: (folded) => model.onFolding({ tenant, ...folded }),
  })
  const signal = closedSignal(reply)
  const found = await whereFrom(sourceOf(false), asked)
  if (!found.ok) return sendProblem(reply, found.problem)
  const pageOf = (page: ExplainPage, isPatient: boolean): Promise<Outcome<ExplainedPage>> =>
    shownPage({ tenant, erased: model.erased }, page, (wanted) =>
      found.value === 'log'
        ? explainFromLog(sourceOf(isPatient), asked, wanted, signal)
        : explainFromState(sourceOf(isPatient), asked, wanted),
    )
  if (type.value === 'text/csv') return sendCsv(exchange, tenant, query, pageOf)
  const options = { limit: query.limit ?? rowsUsual, withEvents: query.include === 'events' }
  const make = (): Promise<Outcome<Made>> =>
    madeOf(exchange, tenant, (start) => pageOf({ ...options, from: start }, false), from)
  if (found.value === 'state') return answerMade(exchange, make)
  try {
    return await answerOnce(exchange, make) // Who goes away ends the work: it is shared with nobody.
  } catch (error) {
    if (signal.aborted) return reply
    throw error
  }
}

/** What the rows can be read from. */
async function whereFrom(
  source: LogSource,
  asked: ExplainRequest,
): Promise<Outcome<'state' | 'log'>> {
  const basis = basisFor(source, asked)
  const snapshot = await source.read({ keys: basis.keys, hashes: basis.hashes })
  const found = basis.read(snapshot)
  if (!found.ok) return found
  const explained = explainedOf(asked, found.value)
  if (!explained.ok) return explained
  return granted(isOfLog(explained.value, snapshot.logTimeMs) ? 'log' : 'state')
}

/** Aborted when the connection ends before the answer does. */
function closedSignal(reply: FastifyReply): AbortSignal {
  const closing = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) closing.abort()
  })
  return closing.signal
}

async function sendCsv(
  { request, reply }: Exchange,
  tenant: string,
  query: Query,
  pageOf: (page: ExplainPage, isPatient: boolean) => Promise<Outcome<ExplainedPage>>,
): Promise<FastifyReply> {
  const csv = await explainCsv(
    (from, isPatient) => pageOf({ from, limit: rowsMax, withEvents: false }, isPatient),
    query.bom ?? false,
  )
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

async function madeOf(
  { request, nowMs }: Exchange,
  tenant: string,
  pageOf: (from: PageStart) => Promise<Outcome<ExplainedPage>>,
  from: PageStart,
): Promise<Outcome<Made>> {
  let page = await pageOf(from)
  for (let passed = 1; passed < emptyPagesMax; passed += 1) {
    if (!page.ok || page.value.listing.rows.length > 0 || page.value.listing.next === null) break
    page = await pageOf(page.value.listing.next)
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
}

function requestOf({ kpi, slice, window, period, from, clock, by, where }: Query): ExplainRequest {
  const parsed = window === undefined ? undefined : parseWindow(window)
  if (parsed === null) throw new RangeError(`the schema let a window pass: ${window}`)
  return { kpi, slice, window: parsed, period, from, clock, by, where }
}

function answerFrom(
  tenant: string,
  { source, basis, explained, value, listing, snapshot }: ExplainedPage,
): Stamped<ExplainResponse> {
  const { kpi, slice, period, plan } = explained
  const { rows, sums, next } = listing
  const [start, end] = [iso(plan.startMs), iso(plan.endMs ?? snapshot.logTimeMs)]
  return {
    ...{ tenant, asOf: iso(snapshot.logTimeMs) },
    ...completenessOf(basis, period),
    ...{ source, kpi: kpi.id, slice: slice.text },
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
