import type { Kpi } from '@deskpulse/core/kpis'
import { type LiveAnswer, type LiveRequest, liveStep } from '../questions/live.ts'
import { kpisOf } from '../questions/kpis.ts'
import { isOfAgents } from '../questions/slices.ts'
import { mapped } from '../questions/mapped.ts'
import { ask, type Enter, type Step } from '../reading/question.ts'
import { type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import { byteOrderMark, sliceCell } from './cells.ts'
import type { CsvOptions, CsvSource } from './periods.ts'
import { csvTable } from './tables.ts'

const lead = ['start', 'end', 'slice']

/** One row a slice; `end` is the moment that it is of. */
export function liveCsv(live: LiveAnswer, kpis: readonly Kpi[], options: CsvOptions): string {
  return headOf(kpis, options) + linesOf(live, kpis, options)
}

/** A page of rows. `columns`: the KPIs that each of them has. */
type LivePage = LiveAnswer & { readonly columns: readonly Kpi[] }

/** `GET …/kpis/live`, with the columns that it has as a table. */
export function livePlanned(request: LiveRequest, basis: TenantBasis): Step<Outcome<LivePage>> {
  const columns = kpisOf(request.kpis, basis.config)
  if (!columns.ok) return { kind: 'settled', result: columns }
  return mapped(liveStep(request, basis), (live) => ({ ...live, columns: columns.value }))
}

/** Asks for the rows of a request, or those of a further page. */
export function livePage(
  { view, tenant, configured }: CsvSource,
  request: LiveRequest,
  enter: Enter,
): Promise<Outcome<LivePage>> {
  const question = tenantQuestion(tenant, configured, (basis) => livePlanned(request, basis), {
    rosters: isOfAgents(request.slice),
  })
  return ask(view, question, enter)
}

/** Every row, page by page, each of a moment of its own; a page is read when the one before was fetched. The text fails where a page cannot be read. */
export async function* liveCsvPages(
  source: CsvSource,
  request: LiveRequest,
  first: LivePage,
  options: CsvOptions,
): AsyncGenerator<string> {
  const { columns } = first
  yield headOf(columns, options)
  for (let page: LiveAnswer = first; ;) {
    yield linesOf(page, columns, options)
    if (page.cursor === undefined) return
    const next = await livePage(source, { ...request, cursor: page.cursor }, (cost) =>
      source.enter(cost, true),
    )
    if (!next.ok) throw new Error(`the rows of ${source.tenant} end early: ${next.problem.detail}`)
    page = next.value
  }
}

function headOf(kpis: readonly Kpi[], { layout = 'long', bom = false }: CsvOptions): string {
  return (bom ? byteOrderMark : '') + csvTable(layout, kpis).head(lead)
}

function linesOf(
  { window: { start, end }, rows }: LiveAnswer,
  kpis: readonly Kpi[],
  { layout = 'long' }: CsvOptions,
): string {
  const table = csvTable(layout, kpis)
  return rows
    .map(({ slice, kpis: values }) => table.lines([start, end, sliceCell(slice)], values))
    .join('')
}
