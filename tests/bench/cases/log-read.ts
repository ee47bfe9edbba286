import type { EventLog, Offset } from '@deskpulse/stream'
import { filledLog, topics } from '../data/filled-log.ts'
import type { BenchCase } from './case.ts'

/** The ceiling of the embedded aggregator: the same log consumed by a handler that does nothing. */
export async function openLogRead(count: number): Promise<BenchCase> {
  const filled = await filledLog(count)
  let log: EventLog | null = null
  return {
    async prepare() {
      await log?.close()
      log = (await filled.copy()).log
    },
    async run() {
      const done = Promise.withResolvers<void>()
      const consumption = await log!.consume({
        topic: topics.log,
        group: 'bench',
        handle: async ({ records }) => {
          const next = (records.at(-1)!.offset + 1) as Offset
          if (next === filled.records) done.resolve()
          return next
        },
      })
      await done.promise
      await consumption.stop()
      return count
    },
    async close() {
      await log?.close()
      await filled.close()
    },
  }
}
