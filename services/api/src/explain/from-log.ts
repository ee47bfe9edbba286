import { problemOf } from '@deskpulse/contract'
import { grainsOf, isCurrent } from '@deskpulse/core/kpis'
import { contactRetentionMs } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import {
  contributionOf,
  type LogPart,
  OwnRecords,
  replayLog,
  TenantReplay,
  TenantRows,
  type ToldRow,
} from '@deskpulse/engine'
import type { Offset } from '@deskpulse/stream'
import { recordsMax } from '../questions/rows.ts'
import { granted, type Outcome, refused } from '../reading/tenant.ts'
import { turns } from '../reading/turns.ts'
import { placeOf } from './day-lists.ts'
import { type Entry, eventsOfRow, type ExplainRow, rowEntry } from './entry.ts'
import { hashesOnce } from './hashes-once.ts'
import type { KeptReplays, LogRows } from './kept-replays.ts'
import { listAll } from './listing.ts'
import { eventsInLog, eventSubjectOf } from './log-events.ts'
import { momentNeeds, momentOf } from './moment.ts'
import { openEntries } from './open-entries.ts'
import { type Explained, explainedOf, type ExplainRequest } from './request.ts'
import {
  type Basis,
  basisFor,
  type ExplainedPage,
  type ExplainPage,
  type ExplainSource,
} from './source.ts'

export type LogSource = ExplainSource & {
  /** The tenant's partition of the log, up to an offset. */
  partOf(endOffset: Offset): LogPart
  readonly kept: KeptReplays
  /** Of a clock that only goes on. */
  now(): number
  /** Told now and then how far the work on the log has come. */
  progress(folded: { readonly offset: Offset; readonly endOffset: Offset }): void
}

/** How much one answer may be made of: time of folding, and rows that count. */
const [foldMsMax, rowsMax] = [60_000, 200_000]
const progressMs = 5_000

/** So often one reads again because what is to be read has changed meanwhile. */
const attemptsMax = 20

/** States hold what counts for as long; what is about to leave them is made from the log, too. */
const statesReachMs = contactRetentionMs - dayMs

/** Whether subjects may have forgotten what counts in the value. */
export const isOfLog = ({ kpi, plan }: Explained, logTimeMs: EpochMs): boolean =>
  grainsOf(kpi).length > 0 && plan.startMs < logTimeMs - statesReachMs

/** A page from the log, which is folded anew up to what the value counts. @throws what the signal is aborted with. */
export async function explainFromLog(
  source: LogSource,
  request: ExplainRequest,
  page: ExplainPage,
  signal: AbortSignal,
): Promise<Outcome<ExplainedPage>> {
  const { kept, tenant, now } = source
  const what = JSON.stringify([tenant, { ...request, where: null }])
  const known = kept.get(what, page.from.skip > 0, now())
  const made = known === undefined ? await makeRows(source, request, signal) : granted(known)
  if (!made.ok) return made
  if (known === undefined) kept.keep(what, made.value, now())
  return granted(await pageOf(source, made.value, request, page, signal))
}

async function makeRows(
  source: LogSource,
  request: ExplainRequest,
  signal: AbortSignal,
): Promise<Outcome<LogRows>> {
  const basis = basisFor(source, request)
  const read = hashesOnce(source.read)
  const leave = await source.enter(recordsMax)
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const moment = await momentIn(read, request, basis)
      if (moment === null) continue
      if (!moment.ok) return moment
      const rows = await rowsOf(source, moment.value, signal)
      return rows.ok ? granted({ ...moment.value, rows: rows.value }) : rows
    }
  } finally {
    leave()
  }
  return refused(problemOf('busy', 'what is asked for changes faster than it can be read'))
}

/** What the value is made of at a moment; `null`: it is no longer what was planned for. */
async function momentIn(
  read: LogSource['read'],
  request: ExplainRequest,
  basis: Basis,
): Promise<Outcome<Omit<LogRows, 'rows'>> | null> {
  const known = await read({ keys: basis.keys, hashes: basis.hashes })
  const found = basis.read(known)
  if (!found.ok) return found
  const asked = explainedOf(request, found.value)
  if (!asked.ok) return asked
  const explained = asked.value
  const needs = momentNeeds(explained)
  const snapshot = await read({
    keys: [...basis.keys, ...needs.keys],
    hashes: [...basis.hashes, ...needs.hashes],
  })
  const now = snapshot.values.slice(0, basis.keys.length)
  if (!basis.isSame(snapshot, now, known) || !isCurrent(explained.plan, snapshot.logTimeMs))
    return null
  const moment = momentOf(explained, snapshot.values.slice(basis.keys.length), {
    ...snapshot,
    hashes: snapshot.hashes.slice(basis.hashes.length),
  })
  const place = placeOf(explained, basis.tenantIn(now), moment.value)
  const clock = basis.clockIn(now)
  return granted({ ...moment, basis: found.value, explained, place, clock, snapshot })
}

/** Rows that count, of all that the log has up to the moment. */
async function rowsOf(
  { tenant, partOf, now, progress }: LogSource,
  { explained: { kpi }, snapshot, place }: Omit<LogRows, 'rows'>,
  signal: AbortSignal,
): Promise<Outcome<readonly ToldRow[]>> {
  const rows = new TenantRows((row) => place !== null && contributionOf(row, kpi, place) !== null)
  const replay = new TenantReplay({ rowChanged: rows.changed, signal })
  const until = now() + foldMsMax
  let tellAt = now() + progressMs
  const { end } = await replayLog(
    replay,
    new OwnRecords(tenant),
    { part: partOf(snapshot.offset), from: 0 as Offset },
    {
      isOver: () => now() >= until || rows.size > rowsMax,
      progress({ offset }) {
        if (now() < tellAt) return
        tellAt = now() + progressMs
        progress({ offset, endOffset: snapshot.offset })
      },
    },
  )
  if (end !== 'all') {
    const why = 'the log of the tenant takes more to fold than one answer may'
    return refused(problemOf('too-much-log', `${why}: deskpulse export has its rows`))
  }
  await replay.passTo(snapshot.logTimeMs)
  return granted([...rows.all()])
}

async function pageOf(
  { tenant, partOf }: LogSource,
  { rows, place, value, openOf, basis, clock, snapshot, explained: known }: LogRows,
  { where }: ExplainRequest,
  { from, limit, withEvents }: ExplainPage,
  signal: AbortSignal,
): Promise<ExplainedPage> {
  const explained = { ...known, where: where ?? null }
  const { kpi } = explained
  const options = { tenant, terms: kpi.terms!, withEvents: false }
  const turn = turns()
  const entries: Entry[] = []
  for (const { subject, row } of rows) {
    const stored = { subject, rows: [], events: [], hasAllEvents: true }
    entries.push(rowEntry(row, stored, contributionOf(row, kpi, place!)!, options))
    const pause = turn()
    if (pause !== null) await pause
  }
  entries.push(...openEntries(explained, openOf, snapshot.logTimeMs))
  const listing = listAll(explained, entries, from, limit)
  const shown = withEvents
    ? await withLogEvents(listing.rows, tenant, partOf(snapshot.offset), signal)
    : listing.rows
  return {
    source: 'log',
    basis,
    explained,
    value,
    clock,
    snapshot,
    listing: { ...listing, rows: shown },
  }
}

async function withLogEvents(
  rows: readonly ExplainRow[],
  tenant: string,
  part: LogPart,
  signal: AbortSignal,
): Promise<ExplainRow[]> {
  const subjects = rows.flatMap(({ row }) => (row === null ? [] : [eventSubjectOf(row)]))
  const events = await eventsInLog(part, tenant, new Set(subjects), signal)
  return rows.map((one) =>
    one.row === null
      ? one
      : { ...one, events: eventsOfRow(one.row, events.get(eventSubjectOf(one.row)) ?? [], tenant) },
  )
}
