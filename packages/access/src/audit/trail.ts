import { type AuditEntry, decodeAuditEntry, encodeAuditEntry } from '@deskpulse/contract'
import { dayMs } from '@deskpulse/core/time'
import type { EventLog, LogRecord, Offset, PartitionId } from '@deskpulse/stream'

export type AuditTrailDeps = {
  readonly log: Pick<EventLog, 'append' | 'read' | 'retained' | 'ends'>
  readonly topic: string
}

/** Which entries are asked for; what is left out is not compared. */
export type AuditFilter = {
  readonly tenant?: string | undefined
  readonly action?: AuditEntry['action'] | undefined
  /** An id or a name. */
  readonly who?: string | undefined
  /** Of `[fromMs, toMs)`, by the time at which the log took them. */
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

export type AuditPage = {
  /** The newest first. */
  readonly entries: readonly { readonly atMs: number; readonly entry: AuditEntry }[]
  /** To go on with: entries before it. `null`: there are no older ones. */
  readonly next: Offset | null
}

/** What was changed, by whom: an entry of the topic of audit for each change, kept for good. */
export type AuditTrail = {
  /** Resolves when the log has it. @throws the log's error */
  write(entry: AuditEntry): Promise<void>
  /** At most `limit` entries before the record `before`, or the last ones. One page looks at some thousands, and may have none. @throws the log's error */
  page(filter: AuditFilter, limit: number, before?: Offset): Promise<AuditPage>
}

const partition = 0 as PartitionId
/** Of the largest entries, some megabytes. */
const readRecords = 100
/** Of one page. */
const lookedMax = 5_000
/** Append times may go back by as much where a clock was put right. */
const outOfOrderMs = dayMs

export function auditTrail({ log, topic }: AuditTrailDeps): AuditTrail {
  /** The records of `[from, upTo)`, the newest first. */
  async function newestFirst(from: number, upTo: number): Promise<LogRecord[]> {
    const records = await log.read(topic, partition, from as Offset, upTo - from)
    return records.filter(({ offset }) => offset < upTo).toReversed()
  }

  return {
    write: (entry) => log.append(topic, partition, [{ key: null, value: encodeAuditEntry(entry) }]),
    async page(filter, limit, before) {
      const [[first = 0], [end = 0]] = await Promise.all([log.retained(topic), log.ends(topic)])
      const { fromMs = Number.NEGATIVE_INFINITY } = filter
      const entries: { atMs: number; entry: AuditEntry }[] = []
      let upTo: number = Math.min(before ?? end, end)
      const stopAt = Math.max(first, upTo - lookedMax)
      while (upTo > stopAt) {
        const from = Math.max(stopAt, upTo - readRecords)
        for (const { value, offset, appendedAtMs: atMs } of await newestFirst(from, upTo)) {
          if (atMs < fromMs - outOfOrderMs) return { entries, next: null }
          if (entries.length === limit) return { entries, next: (offset + 1) as Offset }
          const entry = value === null ? null : decodeAuditEntry(value)
          if (entry !== null && passes(filter, entry, atMs)) entries.push({ atMs, entry })
        }
        upTo = from
      }
      return { entries, next: upTo > first ? (upTo as Offset) : null }
    },
  }
}

function passes(filter: AuditFilter, { tenant, action, who }: AuditEntry, atMs: number): boolean {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = filter
  return (
    (filter.tenant === undefined || filter.tenant === tenant) &&
    (filter.action === undefined || filter.action === action) &&
    (filter.who === undefined || filter.who === who.id || filter.who === who.name) &&
    atMs >= fromMs &&
    atMs < toMs
  )
}
