import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EpochMs } from '@deskpulse/core/time'
import {
  embeddedEventLog,
  topicNames,
  topicSpecs,
  type EventLog,
  type PartitionId,
} from '@deskpulse/stream'
import { canonicalEvents, wireEvents } from './events.ts'
import { recordsOf } from './records.ts'

export const partition = 0 as PartitionId
export const topics = topicNames()

/** An embedded log that holds simulated events, as many times as it is needed. */
export type FilledLog = {
  /** How many records it has: the offset at which a reader is done. */
  readonly records: number
  /** A copy that nobody has consumed, and where its store may lie. */
  copy(): Promise<{ readonly log: EventLog; readonly storeFile: string }>
  close(): Promise<void>
}

/** Append times are those of the events: the log as it was filled live. */
export async function filledLog(count: number): Promise<FilledLog> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-bench-'))
  const original = join(folder, 'log.db')
  const records = recordsOf(canonicalEvents(wireEvents(count)))
  let nowMs = 0 as EpochMs
  const log = embeddedEventLog({ file: original, now: () => nowMs })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  for (const { appendedAtMs, key, value } of records) {
    nowMs = appendedAtMs
    await log.append(topics.log, partition, [{ key, value }])
  }
  await log.close()
  let copies = 0
  return {
    records: records.length,
    async copy() {
      const name = join(folder, `copy-${++copies}`)
      await copyFile(original, `${name}-log.db`)
      return { log: embeddedEventLog({ file: `${name}-log.db` }), storeFile: `${name}-store.db` }
    },
    close: () => rm(folder, { recursive: true }),
  }
}
