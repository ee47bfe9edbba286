import type { TenantConfig } from '@deskpulse/core/config'
import { type PageStart, wholeRange } from '../questions/period-pages.ts'
import {
  type PeriodPage,
  type PeriodRow,
  pageStep,
  type PeriodsAsked,
  periodsAskedOf,
  type PeriodsRequest,
} from '../questions/periods.ts'
import { type Completeness, completenessOf } from '../questions/answer.ts'
import { provisionalOf } from '../questions/closed-rows.ts'
import { mapped } from '../questions/mapped.ts'
import { Revisions } from '../questions/revisions.ts'
import { isOfAgents } from '../questions/slices.ts'
import type { PartitionView } from '../reading/partition-view.ts'
import { ask, type Enter } from '../reading/question.ts'
import { type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import { byteOrderMark, sliceCell } from './cells.ts'
import { type CsvLayout, type CsvTable, csvTable } from './tables.ts'

export type CsvOptions = { readonly layout?: CsvLayout; readonly bom?: boolean }

/** Whom to ask. `configured`: the tenant's configuration in the file. */
export type CsvSource = {
  readonly view: Pick<PartitionView, 'read'>
  readonly enter: Enter
  readonly tenant: string
  readonly configured: TenantConfig | undefined
}

/** A CSV of any length. `asOf`: of its first rows. */
export type PeriodsCsv = Completeness & {
  readonly asOf: string
  readonly text: AsyncGenerator<string>
}

const lead = ['start', 'end', 'label', 'slice', 'closed', 'revision']
/** At the end, so that the others stay where they were. */
const trail = ['closed_at', 'provisional_until']
/** Rows of one read, where their slices are fewer; one period at least, so that its parts are of one moment as it is. */
const pageRows = 500
/** Some hundred kilobytes at most: what a client does not fetch is not written. */
const rowsPerPiece = 20

type CsvAsked = PeriodsAsked & {
  readonly isOfAllRevisions: boolean
  readonly isOfAgents: boolean
}

/**
 * What CSV has of a request: no period that has not begun, as its zeros would be taken for values; and no KPI of the moment, which no period has,
 * unless it is asked for by name.
 */
function askedOf(request: PeriodsRequest, basis: TenantBasis): Outcome<CsvAsked> {
  const asked = periodsAskedOf(request, basis)
  if (!asked.ok) return asked
  const { config, kpis, as, range } = asked.value
  const shown = request.kpis === undefined ? kpis.filter(({ span }) => span === 'window') : kpis
  return {
    ok: true,
    value: {
      ...{ config, kpis: shown, as, range: { ...range, begunByMs: basis.logTimeMs } },
      isOfAllRevisions: request.revision === 'all',
      isOfAgents: isOfAgents(request.slice),
    },
  }
}

function limitOf({ range }: PeriodsAsked): number {
  const slices = Math.max(1, range.slices.length)
  return slices * Math.max(1, Math.floor(pageRows / slices))
}

function linesOf(table: CsvTable, rows: readonly PeriodRow[]): string {
  return rows
    .map(({ start, end, label, slice, closed, revision, closedAt, kpis }) =>
      table.lines([start, end, label, sliceCell(slice), closed, revision], kpis, (values) => [
        closedAt,
        provisionalOf(values).provisionalUntil,
      ]),
    )
    .join('')
}

async function readPage(
  { view, enter, tenant, configured }: CsvSource,
  asked: CsvAsked,
  from: PageStart,
): Promise<PeriodPage> {
  const revisions = asked.isOfAllRevisions ? new Revisions() : null
  const question = tenantQuestion(
    tenant,
    configured,
    (basis) => pageStep(asked, from, limitOf(asked), basis, revisions),
    { rosters: asked.isOfAgents },
  )
  const patiently: Enter = (cost) => enter(cost, true)
  if (revisions !== null) await ask(view, question, patiently) // How many there are.
  const result = await ask(view, question, patiently)
  if (!result.ok) throw new Error(`the rows of ${tenant} end early: ${result.problem.detail}`)
  return result.value
}

async function* textOf(
  source: CsvSource,
  asked: CsvAsked,
  first: PeriodPage,
  options: CsvOptions,
): AsyncGenerator<string> {
  const table = csvTable(options.layout ?? 'long', asked.kpis)
  yield (options.bom === true ? byteOrderMark : '') + table.head(lead, trail)
  for (let page = first; ; page = await readPage(source, asked, page.next)) {
    for (let row = 0; row < page.rows.length; row += rowsPerPiece)
      yield linesOf(table, page.rows.slice(row, row + rowsPerPiece))
    if (page.next === null) return
  }
}

/**
 * Every row of the range, page by page, each of one moment; a page is read when the one before was fetched. Columns, slices and time zone are those
 * of the first page. The text fails where a page cannot be read: what was cut must not look whole.
 */
export async function periodsCsv(
  source: CsvSource,
  request: PeriodsRequest,
  options: CsvOptions,
): Promise<Outcome<PeriodsCsv>> {
  const { view, enter, tenant, configured } = source
  const revisions = request.revision === 'all' ? new Revisions() : null
  const plan = (basis: TenantBasis) => {
    const asked = askedOf(request, basis)
    if (!asked.ok) return { kind: 'settled' as const, result: asked }
    const page = pageStep(asked.value, null, limitOf(asked.value), basis, revisions)
    return mapped(page, (first) => ({
      ...{ page: first, asked: asked.value },
      complete: completenessOf(basis, wholeRange(asked.value.range)),
    }))
  }
  const question = tenantQuestion(tenant, configured, plan, { rosters: isOfAgents(request.slice) })
  if (revisions !== null) await ask(view, question, enter) // How many there are.
  const result = await ask(view, question, enter)
  if (!result.ok) return result
  const { page, asked, complete } = result.value
  return {
    ok: true,
    value: { ...complete, asOf: page.asOf, text: textOf(source, asked, page, options) },
  }
}
