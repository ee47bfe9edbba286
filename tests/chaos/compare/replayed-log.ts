import type { Consumption, EventLog, LogRecord, Offset, PartitionId } from '@deskpulse/stream'

/** A log whose one topic is these records, which never grow; everything else is `beside`'s. */
export type ReplayedLog = {
  readonly log: EventLog
  /** Returns when a consumer has taken all of it. @throws whatever ended the consumer. */
  consumed(): Promise<void>
}

const batchRecords = 500

export function replayedLog(
  topic: string,
  partitions: readonly (readonly LogRecord[])[],
  beside: EventLog,
): ReplayedLog {
  const all = Promise.withResolvers<void>()

  const consume: EventLog['consume'] = async (options) => {
    if (options.topic !== topic) return beside.consume(options)
    const { handle } = options
    const stopping = new AbortController()
    const runs = partitions.map(async (records, number) => {
      const partition = number as PartitionId
      const endOffset = records.length as Offset
      for (let next = 0; next < endOffset && !stopping.signal.aborted;) {
        next = await handle({
          partition,
          records: records.slice(next, next + batchRecords),
          endOffset,
          keepAlive: () => Promise.resolve(true),
        })
      }
    })
    const done = Promise.all(runs).then(() => {})
    done.then(all.resolve, all.reject)
    const stopped = Promise.withResolvers<void>()
    const consumption: Consumption = {
      assigned: () => partitions.map((_, number) => number as PartitionId),
      ended: Promise.race([stopped.promise, done.then(() => stopped.promise)]),
      async stop() {
        stopping.abort()
        await done
        stopped.resolve()
      },
    }
    return consumption
  }

  return {
    log: {
      ...beside,
      consume,
      partitionCount: async (name) =>
        name === topic ? partitions.length : beside.partitionCount(name),
    },
    consumed: () => all.promise,
  }
}
