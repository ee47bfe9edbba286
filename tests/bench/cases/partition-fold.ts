import { foldLog, lettersOf } from '../../../packages/engine/src/testing/fold-log.ts'
import { canonicalEvents, wireEvents } from '../data/events.ts'
import { cutInto, recordsOf, type Arrival } from '../data/records.ts'
import type { OpenCase } from './case.ts'

export type PartitionFoldOptions = { readonly entriesPerCommit: number; readonly arrival?: Arrival }

/** The aggregator's fold over a store of maps: entries decoded, contacts, agents and customers folded, all slices and resolutions, records encoded. */
export function partitionFold({ entriesPerCommit, arrival }: PartitionFoldOptions): OpenCase {
  return (count) => {
    const { entriesPerRecord, recordsPerCommit } = cutInto(entriesPerCommit)
    const records = recordsOf(canonicalEvents(wireEvents(count)), { arrival, entriesPerRecord })
    const batchSizes = [recordsPerCommit]
    return {
      async run() {
        const store = await foldLog(records, { batchSizes })
        if (lettersOf(store).length > 0) throw new Error('the fold refuses simulated events')
        return count
      },
    }
  }
}
