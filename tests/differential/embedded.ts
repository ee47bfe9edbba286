import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EpochMs } from '@deskpulse/core/time'
import {
  embeddedEventLog,
  embeddedStateStore,
  topicNames,
  topicSpecs,
  type LogRecord,
  type PartitionId,
} from '@deskpulse/stream'
import type { Installation } from './installation.ts'

/** The embedded product: the log in one SQLite file, the store in another. */
export async function embeddedInstallation(partitions: number): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-differential-'))
  const topics = topicNames()
  const specs = topicSpecs(topics, { logPartitions: partitions, rawPartitions: 1 })
  const file = join(folder, 'log.sqlite')
  const setUp = embeddedEventLog({ file })
  await setUp.ensureTopics(specs)
  await setUp.close()

  return {
    name: 'embedded',
    topics,
    async append(records) {
      let nowMs = 0 as EpochMs
      const log = embeddedEventLog({ file, now: () => nowMs })
      for (const [partition, own] of records.entries())
        for (const together of ofOneInstant(own)) {
          nowMs = together[0]!.appendedAtMs
          await log.append(topics.log, partition as PartitionId, together)
        }
      await log.close()
    },
    async open() {
      const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
      return { log: embeddedEventLog({ file }), store }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Runs of records with one append time: an append has one. */
function ofOneInstant(records: readonly LogRecord[]): LogRecord[][] {
  const runs: LogRecord[][] = []
  for (const record of records) {
    const run = runs.at(-1)
    if (run?.[0]!.appendedAtMs === record.appendedAtMs) run.push(record)
    else runs.push([record])
  }
  return runs
}
