import { agentStates, type AgentState } from '../events/types.ts'
import type { EpochMs } from '../time/time.ts'
import type { Spreading } from '../workforce/forecast.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

/** Kinds of open intervals, in the order of their numbers in the store: a new one comes last. */
const intervalKinds = [
  'reply.live',
  'reply.deferred',
  'queue.voice',
  'lost.reply',
  'lost.queue',
  'agent-class.handling',
  'agent-class.available',
  'agent-class.not_ready',
  'agent-free',
  ...agentStates.map((state): `agent.${AgentState}` => `agent.${state}`),
  'agent-missed',
  'forecast',
] as const
export type IntervalKind = (typeof intervalKinds)[number]

/** A contact whose customer waits, or whose wait was given up: a row of `GET …/waiting`. */
export type WaitingRow = {
  readonly contactId: string
  readonly dueAtMs: EpochMs
  readonly first: boolean
  readonly queue?: string
  readonly channel: string
  readonly agentId?: string
  readonly priority?: string
  /** Of whom it is, where that is known. */
  readonly customerId?: string
}

/** An agent whose state is known: a row of `GET …/agents`. `contacts`: engaged contacts now; `capacity`: how many fit, `null` when nobody told. */
export type AgentRow = {
  readonly agentId: string
  readonly contacts: number
  readonly capacity: number | null
  readonly queues: readonly string[]
  /** Offers that it missed since the last one that it accepted; absent: none. */
  readonly missedInARow?: number | undefined
  /** The source's word for why it is in its state; absent: none. */
  readonly reason?: string | undefined
}

/** What stands of an agent from a local date (YYYY-MM-DD) on, until the next entry: its teams, its role, and the sub-accounts of the same person. */
export type RosterEntry = {
  readonly from: string
  readonly teams: readonly string[]
  readonly role: string | null
  readonly aliases: readonly string[]
}

/** The roster of an agent: entries by their dates, ascending, one of a date. It counts nowhere, so that it has no intervals. */
export type RosterRow = { readonly rosterOf: string; readonly entries: readonly RosterEntry[] }

/** A score that somebody wrote down or gave, by what it is and its id. */
export type AppealScore = {
  readonly kind: 'complaint' | 'review' | 'quality-review' | 'violation' | 'assessment'
  readonly id: string
}
/** What an appeal is about: some of an agent's work, or KPIs as a whole. */
export type AppealItems = {
  readonly contactIds: readonly string[]
  readonly scores: readonly AppealScore[]
  readonly kpis: readonly string[]
}
/**
 * An appeal of an agent about its score cards of a period of local dates, both inside. `found`: contacts of it that are kept. `decided`: the last decision, with what it grants; `null`: none. It counts
 * nowhere, so that it has no intervals.
 */
export type AppealRow = AppealItems & {
  readonly appealId: string
  readonly appealOf: string
  readonly start: string
  readonly end: string
  readonly reason: string
  readonly filedMs: EpochMs
  readonly filedBy: string | null
  readonly found: readonly string[]
  readonly decided:
    | (AppealItems & {
        readonly atMs: EpochMs
        readonly by: string
        readonly isGranted: boolean
        readonly note: string | null
      })
    | null
}

/** A forecast whose interval is not over, and begins soon or has begun: what `GET …/intraday` knows of what is ahead. */
export type ForecastAhead = Spreading & { readonly forecastId: string; readonly queue: string }

/** A row that intervals stand of. */
export type CountedRow = WaitingRow | AgentRow | ForecastAhead
export type OpenRow = CountedRow | RosterRow | AppealRow
export const isWaitingRow = (row: OpenRow): row is WaitingRow => 'contactId' in row
export const isAgentRow = (row: OpenRow): row is AgentRow => 'contacts' in row
export const isRosterRow = (row: OpenRow): row is RosterRow => 'rosterOf' in row
export const isAppealRow = (row: OpenRow): row is AppealRow => 'appealOf' in row
export const isForecastAhead = (row: OpenRow): row is ForecastAhead => 'forecastId' in row

/** Goes on since `sinceMs`, in these slices, by their numbers: those that were kept then. */
export type PlacedInterval = {
  readonly kind: IntervalKind
  readonly sinceMs: EpochMs
  readonly slices: readonly number[]
}

/** What goes on with a contact or an agent, is ahead by a forecast, an agent's roster, or an appeal: a field of `open:<tenant>`. At most one interval of a kind. */
export type OpenEntry = { readonly row: OpenRow; readonly intervals: readonly PlacedInterval[] }

/** The field of what goes on with the subject of a row. */
export function openField(row: OpenRow): string {
  if (isRosterRow(row)) return `r${row.rosterOf}`
  if (isAppealRow(row)) return `p${row.appealId}`
  if (isForecastAhead(row)) return `f${row.forecastId}`
  return isWaitingRow(row) ? `c${row.contactId}` : `a${row.agentId}`
}

/**
 * Bytes of an entry: the version; what the field does not say of the row; the number of intervals, and of each its kind, its beginning and its slices (their
 * count first; 0: those of the interval before). Equal entries have equal bytes.
 */
const version = 2
const flags = { first: 1, queue: 2, agentId: 4, priority: 8, customerId: 16 } as const

/** One after another: they share its memory. */
const bytes = new ByteWriter()

export function encodeOpen({ row, intervals }: OpenEntry): Uint8Array {
  bytes.byte(version)
  if (isWaitingRow(row)) writeWaiting(row)
  else if (isRosterRow(row)) writeRoster(row)
  else if (isAppealRow(row)) bytes.text(JSON.stringify(row))
  else if (isForecastAhead(row)) writeForecast(row)
  else writeAgent(row)
  bytes.count(intervals.length)
  for (const [place, { kind, sinceMs, slices }] of intervals.entries()) {
    bytes.byte(intervalKinds.indexOf(kind))
    bytes.time(sinceMs)
    const before = intervals[place - 1]?.slices
    const isSame =
      before !== undefined &&
      before.length === slices.length &&
      before.every((slice, index) => slice === slices[index])
    bytes.count(isSame ? 0 : slices.length)
    if (!isSame) for (const slice of slices) bytes.count(slice)
  }
  return bytes.take()
}

/** @throws RangeError when this is no such field, or of another version: a store that lies is a bug. */
export function decodeOpen(field: string, stored: Uint8Array): OpenEntry {
  const reader = new ByteReader(stored)
  const found = reader.byte()
  if (found !== version) throw new RangeError(`open entry of version ${found}, not ${version}`)
  const id = field.slice(1)
  const row = readRow(reader, field[0], id)
  const intervals: PlacedInterval[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    const kind = intervalKinds[reader.byte()]
    if (kind === undefined) throw new RangeError(`open entry of ${field} with an unknown kind`)
    const sinceMs = reader.time()
    const count = reader.count()
    const slices =
      count === 0
        ? (intervals.at(-1)?.slices ?? [])
        : Array.from({ length: count }, () => reader.count())
    intervals.push({ kind, sinceMs, slices })
  }
  return { row, intervals }
}

function readRow(reader: ByteReader, letter: string | undefined, id: string): OpenRow {
  switch (letter) {
    case 'r':
      return readRoster(reader, id)
    case 'p':
      return JSON.parse(reader.text()) as AppealRow
    case 'f':
      return readForecast(reader, id)
    case 'c':
      return readWaiting(reader, id)
    default:
      return readAgent(reader, id)
  }
}

function writeWaiting(row: WaitingRow): void {
  const { dueAtMs, first, queue, channel, agentId, priority, customerId } = row
  bytes.byte(
    (first ? flags.first : 0) |
      (queue === undefined ? 0 : flags.queue) |
      (agentId === undefined ? 0 : flags.agentId) |
      (priority === undefined ? 0 : flags.priority) |
      (customerId === undefined ? 0 : flags.customerId),
  )
  bytes.time(dueAtMs)
  bytes.text(channel)
  for (const text of [queue, agentId, priority, customerId])
    if (text !== undefined) bytes.text(text)
}

function readWaiting(reader: ByteReader, contactId: string): WaitingRow {
  const has = reader.byte()
  const dueAtMs = reader.time()
  const channel = reader.text()
  const optional = (flag: number): string | undefined =>
    (has & flag) === 0 ? undefined : reader.text()
  const [queue, agentId, priority, customerId] = [
    optional(flags.queue),
    optional(flags.agentId),
    optional(flags.priority),
    optional(flags.customerId),
  ]
  const first = (has & flags.first) !== 0
  return { contactId, dueAtMs, first, queue, channel, agentId, priority, customerId }
}

/** A number that may be missing is written one larger; 0: nobody told it. */
const writeMaybe = (value: number | null): void => bytes.count(value === null ? 0 : value + 1)
function readMaybe(reader: ByteReader): number | null {
  const count = reader.count()
  return count === 0 ? null : count - 1
}

function writeAgent({ contacts, capacity, queues, missedInARow = 0, reason }: AgentRow): void {
  bytes.count(contacts)
  bytes.count(missedInARow)
  writeMaybe(capacity)
  bytes.count(queues.length)
  for (const queue of queues) bytes.text(queue)
  bytes.byte(reason === undefined ? 0 : 1)
  if (reason !== undefined) bytes.text(reason)
}

function readAgent(reader: ByteReader, agentId: string): AgentRow {
  const [contacts, missedInARow, capacity] = [reader.count(), reader.count(), readMaybe(reader)]
  const queues = Array.from({ length: reader.count() }, () => reader.text())
  const reason = reader.byte() === 1 ? reader.text() : undefined
  return { agentId, contacts, capacity, queues, missedInARow: missedInARow || undefined, reason }
}

/** A role is written behind how many there are. */
function writeRoster({ entries }: RosterRow): void {
  bytes.count(entries.length)
  for (const { from, teams, role, aliases } of entries) {
    bytes.text(from)
    for (const texts of [teams, role === null ? [] : [role], aliases]) {
      bytes.count(texts.length)
      for (const text of texts) bytes.text(text)
    }
  }
}

function readRoster(reader: ByteReader, rosterOf: string): RosterRow {
  const texts = (): string[] => Array.from({ length: reader.count() }, () => reader.text())
  const entries = Array.from({ length: reader.count() }, () => {
    const from = reader.text()
    const [teams, [role = null], aliases] = [texts(), texts(), texts()]
    return { from, teams, role, aliases }
  })
  return { rosterOf, entries }
}

function writeForecast({ queue, startMs, endMs, offered, workMs, agentMs }: ForecastAhead): void {
  bytes.text(queue)
  bytes.time(startMs)
  bytes.time(endMs)
  bytes.count(offered)
  writeMaybe(workMs)
  writeMaybe(agentMs)
}

function readForecast(reader: ByteReader, forecastId: string): ForecastAhead {
  const queue = reader.text()
  const [startMs, endMs] = [reader.time(), reader.time()]
  const offered = reader.count()
  const [workMs, agentMs] = [readMaybe(reader), readMaybe(reader)]
  return { forecastId, queue, startMs, endMs, offered, workMs, agentMs }
}
