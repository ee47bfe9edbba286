import { futureMaxMs } from '@deskpulse/core/config'
import {
  bucketStart,
  type EpochMs,
  judge,
  type LogClock,
  minuteMs,
  newLogClock,
  passTime,
} from '@deskpulse/core/time'
import type { IncomingRecord } from './inbox.ts'

/** How long a sender that went silent still holds the watermark back. */
const senderHeardMs = 15_000
/** What is still under way in the network and in other senders when an entry is appended. */
const disorderMs = 2_000

type Sender = { readonly backlogMs: number; readonly heardAtMs: EpochMs }

/** What a new owner of the partition goes on with, beside log time and watermark. */
export type StoredTime = Omit<LogClock, 'nowMs'> & {
  readonly senders: Readonly<Record<string, Sender>>
  /** By tenant, of those whose latest event is ahead of log time by more than an event may be. */
  readonly latestEvents: Readonly<Record<string, number>>
  /** The minute of log time that was reached last. */
  readonly tickMs: EpochMs
}

/** A record, and the clock as it stands once it is passed: to judge it again gives the same. */
export type JudgedRecord = IncomingRecord & { readonly clock: LogClock }

/**
 * Log time is what the clocks in the log make plausible (`LogClock`); the watermark says up to where the input is complete: log time less what senders
 * still hold back. Neither ever goes back, and no event's own time moves them: one wrong clock harms nobody.
 */
export class LogTime {
  #clock: LogClock
  #watermarkMs: EpochMs
  #senders: Map<string, Sender>
  readonly #latestEvents: Map<string, number>
  #tickMs: EpochMs

  constructor(nowMs: EpochMs, watermarkMs: EpochMs, stored: StoredTime | null = null) {
    this.#clock = stored === null ? newLogClock(nowMs) : clockOf(nowMs, stored)
    this.#watermarkMs = watermarkMs
    this.#senders = new Map(Object.entries(stored?.senders ?? {}))
    this.#latestEvents = new Map(Object.entries(stored?.latestEvents ?? {}))
    this.#tickMs = stored?.tickMs ?? (0 as EpochMs)
  }

  get nowMs(): EpochMs {
    return this.#clock.nowMs
  }

  get watermarkMs(): EpochMs {
    return this.#watermarkMs
  }

  get clock(): LogClock {
    return this.#clock
  }

  /** What time it is for a version of a tenant's configuration: none of its events that was accepted is more than `futureMaxMs` after it. */
  configMsOf(tenant: string): EpochMs {
    const latestMs = this.#latestEvents.get(tenant) ?? 0
    return Math.max(this.nowMs, latestMs - futureMaxMs) as EpochMs
  }

  /** The records that come next, as far as they are within one minute of log time. Nothing is passed. */
  judged(records: Iterable<IncomingRecord>): JudgedRecord[] {
    let clock = this.#clock
    const judged: JudgedRecord[] = []
    for (const record of records) {
      clock = judge(clock, { appendedAtMs: record.appendedAtMs, sender: record.sender?.clock })
      if (judged.length > 0 && minuteOf(clock) !== minuteOf(judged[0]!.clock)) break
      judged.push({ ...record, clock })
    }
    return judged
  }

  /** The minute that begins with this record, the next one: it is not passed before what is to be done at it. `null`: it has begun. */
  tickAt({ clock }: Pick<JudgedRecord, 'clock'>): EpochMs | null {
    const minute = minuteOf(clock)
    if (minute <= this.#tickMs) return null
    return (this.#tickMs = minute)
  }

  /** What stands for a record where time passes up to `atMs` without one. */
  silentUpTo(atMs: EpochMs): JudgedRecord {
    const silence = { offset: -1, appendedAtMs: atMs, sender: null, entries: [] }
    return { ...silence, clock: passTime(this.#clock, atMs) }
  }

  /** Time passes without a record. */
  pass(atMs: EpochMs): void {
    this.#clock = passTime(this.#clock, atMs)
  }

  /** A record is passed. The backlog of a sender that cannot be read is not known: the watermark stays. */
  advance({ clock, sender }: Pick<JudgedRecord, 'clock' | 'sender'>): void {
    this.#clock = clock
    if (sender === null) return
    this.#senders.set(sender.id, { backlogMs: sender.backlogMs, heardAtMs: this.nowMs })
    let largestMs = 0
    for (const [id, { backlogMs: itsBacklogMs, heardAtMs }] of this.#senders) {
      if (heardAtMs + senderHeardMs < this.nowMs) this.#senders.delete(id)
      else largestMs = Math.max(largestMs, itsBacklogMs)
    }
    this.#watermarkMs = Math.max(this.#watermarkMs, this.nowMs - largestMs - disorderMs) as EpochMs
  }

  /** An event of this time was accepted. What lies within reach of log time says nothing more than log time itself. */
  accept(tenant: string, timeMs: EpochMs): void {
    if (timeMs - futureMaxMs > this.configMsOf(tenant)) this.#latestEvents.set(tenant, timeMs)
  }

  stored(): StoredTime {
    const { nowMs: _, ...clock } = this.#clock
    for (const [tenant, latestMs] of this.#latestEvents)
      if (latestMs - futureMaxMs <= this.nowMs) this.#latestEvents.delete(tenant)
    const senders = Object.fromEntries(this.#senders)
    return {
      ...clock,
      senders,
      latestEvents: Object.fromEntries(this.#latestEvents),
      tickMs: this.#tickMs,
    }
  }
}

const minuteOf = ({ nowMs }: LogClock): EpochMs => bucketStart(nowMs, minuteMs)

const clockOf = (
  nowMs: EpochMs,
  { clocks, unclocked, skipped, problem }: StoredTime,
): LogClock => ({
  nowMs,
  clocks,
  unclocked,
  skipped,
  problem,
})
