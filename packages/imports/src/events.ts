import { createHash } from 'node:crypto'
import { parseEvent, toWire, wireType } from '@deskpulse/contract'
import { dayMs } from '@deskpulse/core/time'
import type { Cell, Cells, ImportKind, Text, Unread } from './column.ts'
import { ruleText } from './rule-text.ts'

export type ImportOptions = {
  readonly tenant: string
  readonly source: string
  /** Of times without an offset; `null`: they need one. */
  readonly timeZone: string | null
  /** When the file was changed last: later words have later ones. */
  readonly changedMs: number
  readonly nowMs: number
}

/** The event of a row, as it is sent. */
export type Imported = { readonly line: number; readonly id: string; readonly json: string }

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)

/** The id that a row has been given; without one, what it is about makes one. */
export function subjectOf(kind: ImportKind, cells: Cells): string {
  const given = cells['id']?.value
  if (typeof given === 'string') return given
  const { aboutOf = ({ value }: Cell): unknown => value } = kind
  const about = kind.about.map((key) => (cells[key] === undefined ? null : aboutOf(cells[key])))
  return `${kind.name}-${digestOf(about)}`
}

/** `key`: of the column that is wrong; `null`: of the row as a whole. */
type Told = Omit<Imported, 'line'> | (Unread & { readonly key: string | null })

/** What a row tells of its subject. */
export function eventOf(
  kind: ImportKind,
  cells: Cells,
  subject: string,
  options: ImportOptions,
): Told {
  const { tenant, source, changedMs, nowMs } = options
  const happened = kind.happened(cells)
  if ('expected' in happened) return { key: 'time', ...happened }
  const named = kind.idAttribute === undefined ? {} : { [kind.idAttribute]: subject }
  const filled = { ...named, ...filledBy(kind, cells) }
  const data = kind.completed?.(filled, cells) ?? filled
  if (isUnread(data)) return data
  if ('endOf' in happened && Date.parse(happened.endOf) > changedMs + aheadMaxMs)
    return { key: null, expected: farAhead }
  const time = 'at' in happened ? (happened.at.value as string) : endOf(happened.endOf, changedMs)
  const sequence = String(changedMs)
  const id = `${kind.name}/${digestOf([subject, time, data])}/${sequence}`
  const event = { specversion: '1.0', id, source, type: wireType(kind.type) }
  const parsed = parseEvent({ ...event, time, sequence, tenant, data }, { tenant, nowMs })
  if (!parsed.ok) return { key: keyAt(kind, parsed.path), expected: ruleText(parsed.expected) }
  return { id, json: JSON.stringify(toWire(parsed.event)) }
}

/** What is of a date further ahead counts nowhere. */
const aheadMaxMs = 366 * dayMs
const farAhead: Text = {
  en: 'a date at most 366 days after the file was changed',
  zh: '文件修改后 366 天以内的日期',
}

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
function keyAt({ columns }: ImportKind, path: string): string | null {
  if (path === '/time') return 'time' in columns ? 'time' : null
  const found = Object.entries(columns).find(
    ([, { fills = [] }]) => fills.length > 0 && `/data/${fills.join('/')}` === path,
  )
  return found?.[0] ?? null
}
