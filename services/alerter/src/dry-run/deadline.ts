import { decodeEvent, entryKinds, EntryUnreadable } from '@deskpulse/contract'
import { type AgentRule, type ContactRule, configAt, type EpochMs, type SourceRule } from '@deskpulse/core'
import { decodeFrame, DeskpulseError, type EventLog, type LogRecord } from '@deskpulse/stream'
import { deadlineRun, type DeadlineRun } from './deadline-run.ts'
import { offsetAt, pagesFrom } from './read-log.ts'
import { dryRunOf, type DryRun, type DryRunNote } from './result.ts'
import type { TenantMoment } from './tenant.ts'
import type { Arrival } from './watched.ts'

export type DeadlineDryRun = {
  readonly rule: ContactRule | AgentRule | SourceRule
  readonly moment: TenantMoment
  readonly log: Pick<EventLog, 'read'>
  readonly topic: string
  /** By append time, half-open. */
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  readonly entriesMax: number
  /** A monotonic clock in ms, and when it must be over. */
  readonly now: () => number
  readonly until: number
}

/** What the rule would have done with the tenant's entries of that time, bounded: where it stopped short, a note says so and `covered` how far it came. */
export async function dryRunDeadline(options: DeadlineDryRun): Promise<DryRun> {
  const { rule, moment, log, topic, fromMs, toMs } = options
  const { tenant, partition, versions, offset: endOffset } = moment
  const part = { log, topic, partition, endOffset }
  const run = deadlineRun(rule, (atMs) => configAt(versions, atMs))
  const reading: Reading = { run, tenant, entries: 0, reachedMs: fromMs, note: null }
  for await (const page of pagesFrom(part, await offsetAt(part, fromMs))) {
    if (takePage(reading, page, options)) break
  }
  const endMs = reading.note === null ? (Math.min(toMs, moment.logTimeMs) as EpochMs) : reading.reachedMs
  const { alerts, leftOut } = run.finish(endMs)
  const notes: DryRunNote[] = leftOut > 0 ? ['begun-before'] : []
  if (reading.note !== null) notes.push(reading.note)
  if (reading.entries === 0) notes.push('nothing-read')
  return dryRunOf(alerts, { fromMs, toMs: endMs, entries: reading.entries }, notes)
}

type Reading = {
  readonly run: DeadlineRun
  readonly tenant: string
  entries: number
  reachedMs: EpochMs
  /** Why it stopped short. */
  note: DryRunNote | null
}

/** @returns whether it is over. */
function takePage(reading: Reading, page: readonly LogRecord[], { toMs, entriesMax, now, until }: DeadlineDryRun): boolean {
  for (const record of page) {
    if (record.appendedAtMs >= toMs) return true
    const events = eventsOf(record, reading.tenant)
    reading.entries += events.length
    reading.run.record(record.appendedAtMs, events)
    reading.reachedMs = Math.max(reading.reachedMs, record.appendedAtMs) as EpochMs
    if (reading.entries >= entriesMax) reading.note = 'stopped-at-entries'
    else if (now() >= until) reading.note = 'stopped-at-time'
    if (reading.note !== null) return true
  }
  return false
}

/** The tenant's events in a record. What cannot be read was refused by the fold, too. */
function eventsOf({ value }: LogRecord, tenant: string): Omit<Arrival, 'receivedMs'>[] {
  try {
    const own = decodeFrame(value ?? new Uint8Array(0)).entries.filter(
      (entry) => entry.tenant === tenant && entry.kind === entryKinds.event,
    )
    return own.flatMap(({ bytes }) => readEvent(bytes, tenant))
  } catch (error) {
    if (error instanceof DeskpulseError) return []
    throw error
  }
}

function readEvent(bytes: Uint8Array, tenant: string): Omit<Arrival, 'receivedMs'>[] {
  try {
    return [{ event: decodeEvent(bytes, tenant), bytes }]
  } catch (error) {
    if (error instanceof EntryUnreadable) return []
    throw error
  }
}
