import { entryKinds, EntryUnreadable, eventOf, textOf } from '@deskpulse/contract'
import type { AgentRule, ContactRule, SourceRule } from '@deskpulse/core/alerts'
import { configAt } from '@deskpulse/core/config'
import {
  clockTime,
  type EpochMs,
  judge,
  latestPlausible,
  type LogClock,
  newLogClock,
} from '@deskpulse/core/time'
import {
  decodeFrame,
  DeskpulseError,
  type EventLog,
  type Frame,
  type LogRecord,
} from '@deskpulse/stream'
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
  /** By log time, half-open. */
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
  const reading: Reading = {
    run,
    tenant,
    clock: newLogClock(0 as EpochMs),
    entries: 0,
    reachedMs: fromMs,
    note: null,
  }
  for await (const page of pagesFrom(part, await offsetAt(part, fromMs))) {
    if (takePage(reading, page, options)) break
  }
  const endMs =
    reading.note === null ? (Math.min(toMs, moment.logTimeMs) as EpochMs) : reading.reachedMs
  const { alerts, leftOut } = run.finish(endMs)
  const notes: DryRunNote[] = leftOut > 0 ? ['begun-before'] : []
  if (reading.note !== null) notes.push(reading.note)
  if (reading.entries === 0) notes.push('nothing-read')
  return dryRunOf(alerts, { fromMs, toMs: endMs, entries: reading.entries }, notes)
}

type Reading = {
  readonly run: DeadlineRun
  readonly tenant: string
  /** As the folds judge it, from the first record that is read. */
  clock: LogClock
  entries: number
  reachedMs: EpochMs
  /** Why it stopped short. */
  note: DryRunNote | null
}

/** @returns whether it is over. */
function takePage(
  reading: Reading,
  page: readonly LogRecord[],
  { toMs, entriesMax, now, until }: DeadlineDryRun,
): boolean {
  for (const record of page) {
    const frame = frameOf(record)
    const stamp = { appendedAtMs: record.appendedAtMs, sender: frame?.clock }
    const clock = judge(reading.clock, stamp)
    if (clock.nowMs >= toMs) return true
    reading.clock = clock
    const events = frame === null ? [] : eventsOf(frame, reading.tenant)
    reading.entries += events.length
    const deadlineClock = { atMs: clockTime(clock), skipped: clock.skipped }
    reading.run.record(
      { nowMs: clock.nowMs, latestMs: latestPlausible(stamp, clock), clock: deadlineClock },
      events,
    )
    reading.reachedMs = Math.max(reading.reachedMs, clock.nowMs) as EpochMs
    if (reading.entries >= entriesMax) reading.note = 'stopped-at-entries'
    else if (now() >= until) reading.note = 'stopped-at-time'
    if (reading.note !== null) return true
  }
  return false
}

/** What cannot be read was refused by the fold, too. */
function frameOf({ value }: LogRecord): Frame | null {
  try {
    return decodeFrame(value ?? new Uint8Array(0))
  } catch (error) {
    if (error instanceof DeskpulseError) return null
    throw error
  }
}

/** The tenant's events in a frame. */
function eventsOf({ entries }: Frame, tenant: string): Omit<Arrival, 'receivedMs'>[] {
  const own = entries.filter((entry) => entry.tenant === tenant && entry.kind === entryKinds.event)
  return own.flatMap(({ bytes }) => readEvent(bytes, tenant))
}

function readEvent(bytes: Uint8Array, tenant: string): Omit<Arrival, 'receivedMs'>[] {
  try {
    const text = textOf(bytes)
    return [{ event: eventOf(text, tenant), text }]
  } catch (error) {
    if (error instanceof EntryUnreadable) return []
    throw error
  }
}
