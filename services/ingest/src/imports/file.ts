import { eventLimits, type ImportedResponse, type Refused } from '@deskpulse/contract'
import {
  type Fault,
  type ImportKind,
  type ImportLanguage,
  type ImportOptions,
  judgedRows,
  openTable,
  type Opened,
} from '@deskpulse/imports'
import { type BodyDeps, takeElements } from '../http/body.ts'
import { type Tally, tally } from '../http/tally.ts'
import { type ErrorList, errorList, headerErrors } from './errors.ts'
import { inTurns } from './in-turns.ts'

export type FileOptions = ImportOptions & {
  readonly dryRun: boolean
  /** Of the errors. */
  readonly language: ImportLanguage
}

type Table = Extract<Opened, { readonly is: 'table' }>['table']

/** `taken`: what was sent of it; absent: nothing was, as that was not asked for, or something is wrong. */
export type ImportedFile = { readonly body: ImportedResponse; readonly taken?: Tally }

/**
 * Judges every row of a file, and sends their events unless one is wrong. They are made a second time for that: the events of all rows would need far more memory
 * than the file. @throws the log's error when something is not durable; the same file may be sent again.
 */
export async function importFile(
  deps: BodyDeps,
  kind: ImportKind,
  bytes: Uint8Array,
  options: FileOptions,
): Promise<ImportedFile> {
  const { dryRun, language } = options
  const errors = errorList(language)
  const opened = await openTable(kind, bytes)
  if (opened.is !== 'table') errors.add(faultsOf(opened))
  const rows = rowsOf(opened)
  let refused = opened.is === 'table' ? await judge(opened.table, options, errors) : rows
  let taken: Tally | undefined
  if (opened.is === 'table' && errors.count === 0 && rows > 0 && !dryRun) {
    taken = await send(deps, opened.table, options)
    const { body } = taken.answer()
    refused = body.refused
    errors.add(body.refusals.map((one) => refusalFault(opened.table, one)))
  }
  const { count: errorCount, listed } = errors
  const counts = { rows, accepted: taken?.accepted ?? 0, refused, errorCount }
  return { body: { kind: kind.name, dryRun, ...counts, errors: [...listed] }, taken }
}

function faultsOf(opened: Exclude<Opened, { readonly is: 'table' }>): readonly Fault[] {
  if (opened.is === 'no-header') return headerErrors(opened.line, opened.faults)
  const { line, expected } = opened
  return [{ line, column: null, expected, got: null }]
}

function rowsOf(opened: Opened): number {
  if (opened.is === 'unreadable') return 0
  return opened.is === 'no-header' ? opened.rows : opened.table.rows.length
}

/** How many rows are wrong. */
async function judge(table: Table, options: ImportOptions, errors: ErrorList): Promise<number> {
  let wrong = 0
  for await (const row of inTurns(judgedRows(table, options))) {
    if (row.event !== null) continue
    wrong += 1
    errors.add(row.faults)
  }
  return wrong
}

async function send(deps: BodyDeps, table: Table, options: ImportOptions): Promise<Tally> {
  const seen = tally()
  let batch: Uint8Array[] = []
  for await (const { event } of inTurns(judgedRows(table, options))) {
    if (event !== null) batch.push(Buffer.from(event.json))
    if (batch.length < eventLimits.arrayEventsMax) continue
    await takeElements(deps, options.tenant, batch, seen)
    batch = []
  }
  await takeElements(deps, options.tenant, batch, seen)
  return seen
}

/** What ingest refuses of a row that was judged right, such as of a tenant that is gone meanwhile. */
function refusalFault({ rows }: Table, { index, code, expected }: Refused): Fault {
  return { line: rows[index]!.line, column: null, expected: `${expected} (${code})`, got: null }
}
