import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { BatchHandler, Offset, PartitionId } from '../event-log.ts'
import type { GroupCommits } from './event-log-commits.ts'
import type { LogFile, Slot } from './event-log-file.ts'
import type { Group } from './event-log-groups.ts'

/** After silence, records are given so long to gather: a commit costs much the same for one as for a hundred. */
const gatherMs = 20

const batchLimits = { records: 2_000, bytes: 256 * 1024 } as const

/** One ownership of a partition; a partition lost and got back is another one. */
export type Ownership = {
  readonly partition: number
  readonly slot: Slot
  /** `false` once the partition is another member's. */
  held: boolean
  /** `true`: no more batches after the one under way. */
  ending: boolean
  /** Ends the wait for appends, so that the two above are looked at. */
  wake: () => void
}

export type TurnContext = { readonly file: LogFile; readonly commits: GroupCommits; readonly group: Group; readonly handle: BatchHandler }

/** Hands the partition's records to the handler, batch by batch, for as long as it is held. @throws what the handler throws. */
export async function consumePartition({ file, commits, group, handle }: TurnContext, ownership: Ownership): Promise<void> {
  const { partition, slot } = ownership
  while (ownership.held && !ownership.ending) {
    const position = group.positions[partition] ?? (0 as Offset)
    // A position past the end: this is not the log that was consumed. The first record's offset tells the handler so.
    const records = file.page(slot, position > slot.nextOffset ? (0 as Offset) : position, batchLimits)
    if (records.length === 0) {
      await appended(commits, ownership)
      await pause(gatherMs)
      continue
    }
    let lost = false
    const keepAlive = async () => !(lost ||= !ownership.held)
    const next = await handle({ partition: partition as PartitionId, records, endOffset: slot.nextOffset as Offset, keepAlive })
    if (lost) return
    group.positions[partition] = next
    commits.consumed(group.name, slot, next)
    await nextTurn() // A handler that never waits must not keep the process from everything else.
  }
}

function appended(commits: GroupCommits, ownership: Ownership): Promise<void> {
  return new Promise((resolve) => {
    const callOff = commits.onAppend(ownership.slot, resolve)
    ownership.wake = () => {
      callOff()
      resolve()
    }
  })
}
