import { createHash } from 'node:crypto'
import { parseEvent, toWire, wireType } from '@deskpulse/contract'
import { dayMs } from '@deskpulse/core/time'
import type { Cell, Cells, ImportKind, Unread } from './column.ts'
import type { Header } from './header.ts'
import type { Sheet, SheetRow } from './sheet.ts'

export type ImportOptions = {
  readonly tenant: string
  readonly source: string
  readonly timeZone: string | null
  /** When the file was changed last: later words have later ones. */
  readonly changedMs: number
  readonly nowMs: number
}

/** What is wrong with a row; `column`: the key of it, `null` of the row as a whole. */
export type Fault = {
  readonly line: number
  readonly column: string | null
  readonly expected: string
  /** The text of the cell; `null`: not about one. */
  readonly got: string | null
}

/** The event of a row, as it is sent. */
export type Imported = { readonly line: number; readonly id: string; readonly json: string }

export type Outcome = { readonly events: readonly Imported[]; readonly faults: readonly Fault[] }

/** An event for each row of a file. What comes of a row follows from it, the options and when the file was changed. */
export function eventsOf(
  kind: ImportKind,
  header: Header,
  sheet: Sheet,
  options: ImportOptions,
): Outcome {
  const events: Imported[] = []
  const faults: Fault[] = []
  const lines = new Map<string, number>() // By what their rows are about.
  for (const row of sheet.rows) {
    const read = cellsOf(kind, header, row, options.timeZone)
    faults.push(...read.faults)
    if (read.faults.length > 0) continue
    const subject = subjectOf(kind, read.cells)
    const before = lines.get(subject)
    lines.set(subject, before ?? row.line)
    const told =
      before === undefined
        ? eventOf(kind, read.cells, subject, options)
        : { column: null, expected: twice(kind, before) }
    if ('id' in told) events.push({ line: row.line, ...told })
    else faults.push({ line: row.line, got: textAt(header, row, told.column), ...told })
  }
  return { events, faults }
}

const twice = ({ columns }: ImportKind, line: number): string =>
  `one row about the same, which line ${line} is${'id' in columns ? '; else each with an id of its own' : ''}`

const textAt = (header: Header, { cells }: SheetRow, column: string | null): string | null =>
  column === null ? null : (cells[header.indexOf(column)] ?? '')

function cellsOf(
  { columns }: ImportKind,
  header: Header,
  row: SheetRow,
  timeZone: string | null,
): { readonly cells: Cells; readonly faults: readonly Fault[] } {
  const cells: Record<string, Cell> = {}
  const faults: Fault[] = []
  const fault = (column: string | null, expected: string, got: string | null): void =>
    void faults.push({ line: row.line, column, expected, got })
  if (row.cells.slice(header.length).some((cell) => cell !== ''))
    fault(null, `${header.length} cells, as the header has`, null)
  for (const [key, { read, isRequired = false }] of Object.entries(columns)) {
    const text = textAt(header, row, key)!
    const cell = text === '' ? null : read(text, timeZone)
    if (cell === null) isRequired && fault(key, 'a value', '')
    else if ('expected' in cell) fault(key, cell.expected, text)
    else cells[key] = cell
  }
  return { cells, faults }
}

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)

/** The id that a row has been given; without one, what it is about makes one. */
function subjectOf(kind: ImportKind, cells: Cells): string {
  const given = cells['id']?.value
  if (typeof given === 'string') return given
  const { aboutOf = ({ value }: Cell): unknown => value } = kind
  const about = kind.about.map((key) => (cells[key] === undefined ? null : aboutOf(cells[key])))
  return `${kind.name}-${digestOf(about)}`
}

type Told = Omit<Imported, 'line'> | (Unread & { readonly column: string | null })

function eventOf(kind: ImportKind, cells: Cells, subject: string, options: ImportOptions): Told {
  const { tenant, source, changedMs, nowMs } = options
  const happened = kind.happened(cells)
  if (typeof happened === 'string') return { column: 'time', expected: happened }
  const named = kind.idAttribute === undefined ? {} : { [kind.idAttribute]: subject }
  const filled = { ...named, ...filledBy(kind, cells) }
  const data = kind.completed?.(filled, cells) ?? filled
  if (isUnread(data)) return { column: data.key, expected: data.expected }
  if ('endOf' in happened && Date.parse(happened.endOf) > changedMs + aheadMaxMs)
    return { column: null, expected: 'a date at most 366 days after the file was changed' }
  const time = 'at' in happened ? (happened.at.value as string) : endOf(happened.endOf, changedMs)
  const sequence = String(changedMs)
  const id = `${kind.name}/${digestOf([subject, time, data])}/${sequence}`
  const event = { specversion: '1.0', id, source, type: wireType(kind.type) }
  const parsed = parseEvent({ ...event, time, sequence, tenant, data }, { tenant, nowMs })
  if (!parsed.ok) return { column: columnAt(kind, parsed.path), expected: parsed.expected }
  return { id, json: JSON.stringify(toWire(parsed.event)) }
}

/** What is of a date further ahead counts nowhere. */
const aheadMaxMs = 366 * dayMs

const isUnread = (
  data: Readonly<Record<string, unknown>> | (Unread & { readonly key: string }),
): data is Unread & { readonly key: string } => 'expected' in data

/**
 * What a row says of a date is told at its end, so that what is brought in late still counts, but never before the file was written: no time is ahead, and of
 * two files about the same date the later one has the last word, by its time or by its `sequence`.
 */
const endOf = (date: string, changedMs: number): string =>
  new Date(Math.min(Date.parse(date) + dayMs, changedMs)).toISOString()

function filledBy({ columns }: ImportKind, cells: Cells): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const [key, { fills: [outer, inner] = [] }] of Object.entries(columns)) {
    const value = cells[key]?.value
    if (outer === undefined || value === undefined) continue
    data[outer] = inner === undefined ? value : { ...(data[outer] as object), [inner]: value }
  }
  return data
}

/** The column that fills the attribute at a JSON pointer. */
function columnAt({ columns }: ImportKind, path: string): string | null {
  if (path === '/time') return 'time' in columns ? 'time' : null
  const found = Object.entries(columns).find(
    ([, { fills = [] }]) => fills.length > 0 && `/data/${fills.join('/')}` === path,
  )
  return found?.[0] ?? null
}
