import { encodeClockProblem } from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import {
  foldVersion,
  foldVersionKey,
  gapsKey,
  logClockKey,
  sendersKey,
  tenantsKey,
} from '@deskpulse/core/state'
import {
  type ClockProblem,
  clockTime,
  type EpochMs,
  latestPlausible,
  type LogClock,
} from '@deskpulse/core/time'
import {
  DeskpulseError,
  type Acquired,
  type Folder,
  type Folded,
  type Load,
  type LogGap,
  type LogRecord,
  type PartitionId,
} from '@deskpulse/stream'
import { Announcer, type Moment } from '../alerts/announcer.ts'
import { wakeWatched } from '../alerts/rule-change.ts'
import { Watch } from '../alerts/watch.ts'
import { Closings } from '../closing/closings.ts'
import { cacheShares, contactKinds, subjectKinds } from '../subjects/kinds.ts'
import { Outputs } from '../subjects/outputs.ts'
import { ChangeSet } from './change-set.ts'
import { Gaps } from './gaps.ts'
import type { Incoming } from './inbox.ts'
import { type EntryTimes, insertEntry, type Touched } from './insertion.ts'
import { decodeJson, encodeJson } from './journal.ts'
import { LogTime, type JudgedRecord, type StoredTime } from './log-time.ts'
import { MeasureDeltas, type BucketDeltas, type RowChanged } from './measure-deltas.ts'
import { writeMeasures } from './measure-writer.ts'
import { latestOf, readRecords, takenOf, wakesFor, wakesPerFold, type Taken } from './offered.ts'
import { type Refusal, Refusals, type RefusalOptions } from './refusals.ts'
import { Subjects } from './subjects.ts'

export type FolderTelemetry = RefusalOptions['telemetry'] & {
  /** What a fold adds to the measures; told before the commit, so that a fold that is repeated tells it again. */
  folded(deltas: readonly BucketDeltas[]): void
  /** Alerts that began and ended in a fold; told before the commit, too. */
  decided(status: AlertTransition['status'], count: number): void
  /** What is wrong with the clocks in the log has changed at a record; told before the commit. `leaptMs`: how far log time leapt there, to follow a jump. */
  clock(partition: PartitionId, change: ClockChange): void
}

export type ClockChange = {
  readonly before: ClockProblem | null
  readonly after: ClockProblem | null
  readonly leaptMs: number
}

export type FolderOptions = {
  /** Of the log. */
  readonly partitions: number
  readonly deadLetterTopic: string
  readonly alertsTopic: string
  readonly closedTopic: string
  readonly telemetry: FolderTelemetry
  /** A fold passes at most so many wakes. Default: `wakesPerFold`. */
  readonly wakesMax?: number
  /** What the configuration file says of a tenant, for one of which nothing is stored yet. */
  readonly configured?: (tenant: string) => TenantConfig | undefined
  /** About what is held of all partitions of the log together; this one has its share, whoever owns the others. Default: `cacheBytesMaxDefault`. */
  readonly cacheBytesMax?: number
  /** Contacts alone, whom other subjects ask and tell nothing: others are not folded, and their events conflict with none. */
  readonly contactsOnly?: boolean
  /** Periods are closed and issued. Default: true. */
  readonly closesPeriods?: boolean
  readonly rowChanged?: RowChanged
}

export const cacheBytesMaxDefault = 264 * 1024 ** 2

/** What one fold works on. */
type Round = {
  readonly taken: Taken
  readonly changes: ChangeSet
  readonly touched: Touched
  readonly announcer: Announcer
  readonly watch: Watch
  /** The last record, or, without one, the first that is not taken: its log time is that of decisions about alerts. */
  readonly moment: Moment
}

/**
 * Folds the records of one partition: events go to their home subjects, contacts tell agents and customers, all of them change measures, and everything
 * that changed is one change set. Nothing in it depends on how the log was cut into batches, but which states of agents their alerts look at.
 */
export class PartitionFolder implements Folder {
  readonly #partition: PartitionId
  readonly #options: FolderOptions
  readonly #subjects: Subjects
  readonly #refusals: Refusals
  readonly #closings = new Closings()
  readonly #acquired: Acquired
  readonly #wakesMax: number
  #gaps: Gaps
  #time: LogTime | null = null

  constructor(partition: PartitionId, acquired: Acquired, options: FolderOptions) {
    this.#partition = partition
    this.#acquired = acquired
    this.#options = options
    this.#wakesMax = options.wakesMax ?? wakesPerFold
    const { cacheBytesMax = cacheBytesMaxDefault, partitions, configured, contactsOnly } = options
    const maxBytes = cacheBytesMax / partitions
    this.#subjects = new Subjects({
      kinds: contactsOnly === true ? contactKinds(maxBytes) : subjectKinds(maxBytes),
      recordsBytes: cacheShares.records * maxBytes,
      configured,
    })
    this.#refusals = new Refusals(partition, options)
    this.#gaps = new Gaps(partition, options.partitions, null)
  }

  fold(records: readonly LogRecord[], load: Load, gap?: LogGap): Promise<Folded> {
    return this.#fold((time) => time.judged(readRecords(records)), load, gap)
  }

  /**
   * Time passes up to `atMs`, which no record of the log brought: what is due by then is decided as at a record of that time. `taken` is 0 while more is
   * due before it than one fold passes, else 1.
   */
  pass(atMs: EpochMs, load: Load): Promise<Folded> {
    return this.#fold((time) => [time.silentUpTo(atMs)], load)
  }

  async #fold(
    offeredAt: (time: LogTime) => readonly JudgedRecord[],
    load: Load,
    gap?: LogGap,
  ): Promise<Folded> {
    this.#subjects.trim()
    const changes = new ChangeSet()
    const time = this.#time ?? (await this.#restore(load, changes))
    const offered = offeredAt(time)
    await this.#tick(offered[0]!, time, changes, load)
    const round = await this.#begin(offered, time, changes, load)
    const { taken } = round

    if (gap !== undefined) this.#passGap(gap, offered[0]!, time, round)
    this.#wake(round)
    if (taken.records.length === 0) {
      time.pass(taken.logTimeMs)
      round.watch.passDue(round.moment)
    }
    for (const record of taken.records) this.#passRecord(record, time, round)
    await this.#settle(round, load)
    await this.#refusals.write(changes, load)

    this.#gaps.write(changes)
    changes.put(sendersKey, encodeJson(time.stored()))
    const entries = taken.records.reduce((sum, record) => sum + record.entries.length, 0)
    return {
      taken: taken.records.length,
      entries,
      change: changes.finish({ logTimeMs: time.nowMs, watermarkMs: time.watermarkMs }),
    }
  }

  /** What a new owner has to know before its first record. @throws DeskpulseError STORE_FOLD_VERSION */
  async #restore(load: Load, changes: ChangeSet): Promise<LogTime> {
    const { values } = await load([tenantsKey, sendersKey, foldVersionKey, gapsKey], null)
    const [tenants = null, senders = null, version = null, gaps = null] = values
    if (version === null) changes.put(foldVersionKey, encodeJson(foldVersion))
    else assertFoldVersion(this.#partition, decodeJson<number>(version))
    this.#subjects.restoreNames(tenants)
    await this.#closings.restore(this.#subjects.names, load)
    this.#gaps = new Gaps(this.#partition, this.#options.partitions, gaps)
    const { logTimeMs, watermarkMs } = this.#acquired
    this.#time = new LogTime(
      logTimeMs,
      watermarkMs,
      senders === null ? null : decodeJson<StoredTime>(senders),
    )
    const { problem } = this.#time.clock
    if (problem !== null)
      this.#options.telemetry.clock(this.#partition, { before: null, after: problem, leaptMs: 0 })
    return this.#time
  }

  /** At the first record of a minute, before it: what is due of closed periods is issued, as they stand behind the record before. */
  async #tick(next: JudgedRecord, time: LogTime, changes: ChangeSet, load: Load): Promise<void> {
    const tickMs = time.tickAt(next)
    const { closedTopic, alertsTopic, closesPeriods = true } = this.#options
    if (tickMs === null || !closesPeriods) return
    const tick = {
      ...{ partition: this.#partition, closedTopic, alertsTopic },
      ...{ tickMs, offset: next.offset, changes, load },
    }
    await this.#closings.tick(tick, time.watermarkMs, (names) =>
      this.#subjects.holdTenants(names, changes, load),
    )
  }

  /** How far the fold goes, with all that it needs loaded. */
  async #begin(
    offered: readonly JudgedRecord[],
    time: LogTime,
    changes: ChangeSet,
    load: Load,
  ): Promise<Round> {
    const upToMs = latestOf(time.nowMs, offered)
    const limit = Math.min(this.#wakesMax, wakesFor(this.#subjects.rulesMax()))
    const { wakes, admit } = await this.#subjects.loadDue(offered, { upToMs, limit }, load)
    const taken = takenOf(offered, wakes, limit, time.nowMs)
    admit(taken.records, changes)
    await this.#subjects.loadFor(taken.records, taken.wakes, taken.logTimeMs, changes, load)
    const last = taken.records.at(-1) ?? offered[0]!
    const nowMs = taken.records.length > 0 ? taken.logTimeMs : latestOf(time.nowMs, [last])
    const announcer = new Announcer(this.#partition, this.#options.alertsTopic, (entry) =>
      changes.out(entry),
    )
    return {
      taken,
      changes,
      touched: {
        watched: new Set(),
        rules: new Set(),
        displaced: [],
        notes: [],
        outputs: new Outputs(),
      },
      announcer,
      watch: new Watch(announcer, taken.logTimeMs),
      moment: momentOf(last.offset, nowMs, last.clock),
    }
  }

  /** The log lacks records before this one. */
  #passGap(
    gap: LogGap,
    { offset, clock }: JudgedRecord,
    { nowMs }: LogTime,
    { announcer }: Round,
  ): void {
    this.#gaps.inLog(gap, nowMs, momentOf(offset, clock.nowMs, clock), announcer)
  }

  #passRecord(
    record: JudgedRecord,
    time: LogTime,
    { changes, touched, watch, announcer }: Round,
  ): void {
    const { offset, clock } = record
    this.#tellClock(time.clock, clock, changes)
    const plausibleMs = latestPlausible(
      { appendedAtMs: record.appendedAtMs, sender: record.sender?.clock },
      clock,
    )
    time.advance(record)
    const { nowMs } = time
    const moment = momentOf(offset, nowMs, clock)
    watch.passDue(moment)
    for (const entry of record.entries) {
      const configMs = time.configMsOf(entry.tenant)
      const times = { plausibleMs, clockMs: moment.clock.atMs, nowMs, configMs }
      const refusal = this.#passEntry(entry, times, touched, moment, announcer)
      const decidedAt = { place: entry.place, nowMs }
      if (refusal !== null)
        this.#refusals.refuse({ event: null, ...entry, ...refusal }, decidedAt, changes)
      else if (entry.kind === 'event') time.accept(entry.tenant, entry.event.timeMs)
      for (const note of touched.notes.splice(0))
        this.#refusals.note({ event: null, ...entry, ...note }, decidedAt)
      for (const refused of touched.displaced.splice(0))
        this.#refusals.refuse(refused, decidedAt, changes)
    }
    for (const watched of touched.watched) watch.decide(watched, moment)
    touched.watched.clear()
    announcer.tellAppeals(touched.outputs.appealChanges.splice(0), moment)
  }

  #tellClock(
    { problem: before, skipped: skippedBefore }: LogClock,
    { problem: after, skipped }: LogClock,
    changes: ChangeSet,
  ): void {
    const leaptMs =
      skipped === null || skipped === skippedBefore ? 0 : skipped.endMs - skipped.startMs
    if (before !== after)
      changes.put(logClockKey, after === null ? null : encodeClockProblem(after))
    if (before !== after || leaptMs > 0)
      this.#options.telemetry.clock(this.#partition, { before, after, leaptMs })
  }

  #passEntry(
    entry: Incoming,
    times: EntryTimes,
    touched: Touched,
    moment: Moment,
    announcer: Announcer,
  ): Refusal | null {
    switch (entry.kind) {
      case 'unreadable':
        return { code: 'entry-unreadable', reason: entry.reason }
      case 'gap':
        this.#gaps.found(entry.gap, moment, announcer)
        return null
      case 'gap-acknowledgement':
        this.#gaps.acknowledge(entry.acknowledgement, moment, announcer)
        return null
      default:
        return insertEntry(entry, times, this.#subjects, touched)
    }
  }

  #wake({ taken, changes, touched, watch }: Round): void {
    for (const due of taken.wakes) {
      changes.wake(due.subject, null) // Until the fold sets its next one.
      this.#subjects.kindOf(due.subject).wake(due, watch, touched.outputs, taken.logTimeMs)
    }
  }

  async #settle({ taken, changes, touched, announcer, moment }: Round, load: Load): Promise<void> {
    const { logTimeMs } = taken
    const { outputs } = touched
    const { telemetry, rowChanged } = this.#options
    const subjects = this.#subjects
    const deltas = new MeasureDeltas(logTimeMs, rowChanged)
    for (const kind of subjects.kinds) kind.ask?.(outputs)
    for (const kind of subjects.kinds)
      await kind.settle({ load, changes, deltas, outputs, logTimeMs, moment, announcer })
    const totals = deltas.total()
    await writeMeasures(
      totals,
      { records: subjects.records, tenants: subjects.tenants(), load },
      changes,
      logTimeMs,
    )
    if (this.#options.closesPeriods !== false)
      this.#closings.note(totals, subjects.tenants(), logTimeMs, changes)
    for (const tenant of subjects.tenants()) tenant.write(changes, logTimeMs)
    for (const tenant of touched.rules) {
      const watched = subjects.kinds.flatMap((kind) => kind.watched(tenant, logTimeMs))
      await wakeWatched(tenant, watched, logTimeMs, load, changes)
    }
    telemetry.folded(totals)
    for (const status of ['firing', 'resolved'] as const)
      telemetry.decided(status, announcer.counts[status])
  }
}

function momentOf(offset: number, nowMs: EpochMs, clock: LogClock): Moment {
  return { offset, nowMs, clock: { atMs: clockTime(clock), skipped: clock.skipped } }
}

function assertFoldVersion(partition: PartitionId, stored: number): void {
  if (stored === foldVersion) return
  const what = `partition ${partition} was folded by version ${stored} of the folds, this is version ${foldVersion}`
  throw new DeskpulseError(
    'STORE_FOLD_VERSION',
    `${what}: make the state again from the log with deskpulse rebuild (docs/operations.md#rebuilding-the-state)`,
  )
}
