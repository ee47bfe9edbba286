import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type FlatRow,
  nearest,
  type RowTable,
  rowTableNames,
  withShownCustomers,
} from '@deskpulse/contract'
import { exitCodes, type ExitCode, usageFailure } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import { instantMs, tenantName } from '../command-line/values.ts'
import { writeTable } from '../export/files.ts'
import { type ExportFormat, exportFormats, textOf } from '../export/formats.ts'
import { type ExportedLog, logIn, logOnKafka } from '../export/log.ts'
import { replayedRows } from '../export/replayed-rows.ts'
import { grainOf, recordsOf } from '../export/tables.ts'
import type { Command, Context } from './command.ts'
import { configOf } from './state-config.ts'

const spec: CommandSpec = {
  name: 'export',
  summary: 'Write the rows that every number is counted from, for a warehouse.',
  usage: 'deskpulse export --tenant T --grain GRAIN (--data-dir DIR | --config FILE) [options]',
  positionals: [],
  options: {
    tenant: { value: 'T', help: 'Tenant whose rows are written. Required.' },
    grain: {
      value: 'GRAIN',
      repeatable: true,
      help: `Which rows: ${rowTableNames.join(', ')}, or all. Several times for several. Required.`,
    },
    'data-dir': {
      value: 'DIR',
      help: 'The data directory of an embedded product, which is stopped.',
    },
    config: {
      value: 'FILE',
      help: 'The configuration of the services on Kafka, which may run. Default DESKPULSE_CONFIG.',
    },
    from: {
      value: 'TIME',
      help: 'Only rows that count at or after this instant, e.g. 2026-03-01T00:00:00Z. Default: all.',
    },
    to: { value: 'TIME', help: 'Only rows that count before this instant. Default: all.' },
    format: { value: 'ndjson|csv|parquet', help: 'Default ndjson.' },
    output: {
      value: 'PATH',
      help: 'The file; of several grains a folder, in which each has its own. Default: the standard output, for one grain and not for parquet.',
    },
    help: { short: 'h', help: 'This text.' },
  },
  examples: [
    'deskpulse export --tenant acme --grain reply --data-dir .deskpulse > reply.ndjson',
    'deskpulse export --tenant acme --grain all --config deskpulse.yaml --from 2026-03-01T00:00:00Z --format parquet --output march',
  ],
}

export const exportCommand: Command = { spec, run: exportRows }

async function exportRows(typed: Typed, context: Context): Promise<ExitCode> {
  const { terminal, clock } = context
  const options = optionsOf(typed)
  const startMs = clock.nowMs()
  await using opened = new AsyncDisposableStack()
  const source = await sourceOf(typed, context)
  opened.defer(() => source.log.close())
  const grains = new Set(options.tables.map(grainOf))
  const { rows, events } = await replayedRows(source, { ...options, grains }, context)
  const { readErasures } = await import('@deskpulse/access') // Slow to load.
  const erased = await readErasures(source.log, source.accessTopic)
  const shown = (row: FlatRow): FlatRow =>
    withShownCustomers(row, (pseudonym) => erased.shownAs(options.tenant, pseudonym))
  for (const table of options.tables)
    await write(table, recordsOf(table, rows).map(shown), options, context)
  const seconds = ((clock.nowMs() - startMs) / 1_000).toFixed(2)
  terminal.err(`${rows.size} rows of ${events} events in ${seconds} s\n`)
  return exitCodes.ok
}

type Options = {
  readonly tenant: string
  readonly tables: readonly RowTable[]
  readonly fromMs: number
  readonly toMs: number
  readonly format: ExportFormat
  /** By table; `null`: the standard output. */
  readonly fileOf: ((table: RowTable) => string) | null
}

/** @throws CommandFailure (usage) */
function optionsOf(typed: Typed): Options {
  const tenant = tenantName(typed.text('tenant'))
  const tables = tablesOf(typed.texts('grain'))
  const [from, to] = [typed.text('from'), typed.text('to')]
  const fromMs = from === undefined ? -Infinity : instantMs('from', from)
  const toMs = to === undefined ? Infinity : instantMs('to', to)
  if (fromMs >= toMs) throw usageFailure('--to must be after --from')
  const format = formatOf(typed.text('format') ?? 'ndjson')
  return { tenant, tables, fromMs, toMs, format, fileOf: filesOf(typed, tables, format) }
}

function tablesOf(grains: readonly string[]): readonly RowTable[] {
  if (grains.length === 0)
    throw usageFailure(`--grain is missing: ${rowTableNames.join(', ')}, or all`)
  if (grains.includes('all')) return rowTableNames
  return [...new Set(grains)].map((grain) => {
    const known = rowTableNames.find((name) => name === grain)
    if (known !== undefined) return known
    const near = nearest(grain, [...rowTableNames, 'all'])
    throw usageFailure(
      `--grain must be one of ${rowTableNames.join(', ')} or all, not ${JSON.stringify(grain)}${near === null ? '' : `; did you mean ${near}?`}`,
    )
  })
}

function formatOf(text: string): ExportFormat {
  const known = exportFormats.find((name) => name === text)
  if (known !== undefined) return known
  throw usageFailure(`--format must be ndjson, csv or parquet, not ${JSON.stringify(text)}`)
}

/** Asked for before anything is read: what is not possible is said at once. */
function filesOf(
  typed: Typed,
  tables: readonly RowTable[],
  format: ExportFormat,
): Options['fileOf'] {
  const path = typed.text('output')
  if (path === undefined) {
    if (tables.length > 1)
      throw usageFailure('several grains are several files: --output FOLDER is missing')
    if (format === 'parquet') throw usageFailure('parquet is a file: --output FILE is missing')
    return null
  }
  const isFolder = existsSync(path) && statSync(path).isDirectory()
  if (tables.length === 1 && !isFolder) return () => path
  if (existsSync(path) && !isFolder) throw usageFailure(`--output ${path} is no folder`)
  return (table) => {
    mkdirSync(path, { recursive: true })
    return join(path, `${table}.${format}`)
  }
}

async function sourceOf(typed: Typed, context: Context): Promise<ExportedLog> {
  const folder = typed.text('data-dir')
  const file = typed.text('config') ?? context.env['DESKPULSE_CONFIG'] ?? null
  if (folder !== undefined) return logIn(folder)
  if (file === null)
    throw usageFailure('which log? --data-dir .deskpulse or --config deskpulse.yaml')
  return logOnKafka(await configOf(file, 'service', context))
}

async function write(
  table: RowTable,
  records: Iterable<FlatRow>,
  { format, fileOf }: Options,
  { terminal }: Context,
): Promise<void> {
  if (fileOf !== null) await writeTable(fileOf(table), format, table, records)
  else if (format !== 'parquet')
    for (const piece of textOf(format, table, records)) terminal.out(piece)
}
