import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { EventLog, LogRecord, Offset, PartitionId } from '@deskpulse/stream'

/** What a reader saw at an offset: a digest of the record's bytes and time. */
export type Sighting = { readonly offset: number; readonly digest: string }
/** One reader's sightings of one partition, in the order in which it had them. */
export type Sightings = {
  readonly reader: string
  readonly partition: number
  readonly seen: readonly Sighting[]
}

export function sightingOf({ offset, appendedAtMs, value }: LogRecord): Sighting {
  const digest = createHash('sha1')
    .update(String(appendedAtMs))
    .update(value ?? '')
    .digest('base64')
  return { offset, digest }
}

export type ReaderOptions = {
  readonly name: string
  readonly log: EventLog
  readonly topic: string
  readonly partitions: number
  readonly pageRecords: number
}

export type LogReader = { stop(): Promise<readonly Sightings[]> }

/** Reads along while the log grows, each partition from its first record on. A page that cannot be had is asked for again. */
export function startLogReader({
  name,
  log,
  topic,
  partitions,
  pageRecords,
}: ReaderOptions): LogReader {
  const stopping = new AbortController()
  const all = Array.from({ length: partitions }, async (_, partition): Promise<Sightings> => {
    const seen: Sighting[] = []
    while (!stopping.signal.aborted) {
      const from = ((seen.at(-1)?.offset ?? -1) + 1) as Offset
      const page = await log
        .read(topic, partition as PartitionId, from, pageRecords)
        .catch(() => [])
      seen.push(...page.map(sightingOf))
      if (page.length < pageRecords)
        await pause(200, undefined, { signal: stopping.signal }).catch(() => {})
    }
    return { reader: name, partition, seen }
  })
  return {
    stop() {
      stopping.abort()
      return Promise.all(all)
    },
  }
}

/** Every record of a partition, oldest first. */
export async function readWhole(
  log: EventLog,
  topic: string,
  partition: number,
): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for (;;) {
    const from = ((records.at(-1)?.offset ?? -1) + 1) as Offset
    const page = await log.read(topic, partition as PartitionId, from, 1_000)
    if (page.length === 0) return records
    records.push(...page)
  }
}
