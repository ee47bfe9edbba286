import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BatchHandler, LogRecord, Offset, PartitionId } from '../event-log.ts'
import type { GroupCommits } from './event-log-commits.ts'
import type { LogFile, Slot } from './event-log-file.ts'
import type { Group } from './event-log-groups.ts'

/** From a batch to the next one, where less than `muchBytes` came: what comes meanwhile is handed over together, since a commit costs much the same for one record as for a hundred. */
export const paceMs = 25
const muchBytes = 128 * 1024

const batchLimits = { records: 2_000, bytes: 256 * 1024 } as const

/** One ownership of a partition; a partition lost and got back is another one. */
export type Ownership = {
  readonly partition: number
  readonly slot: Slot
  /** `false` once the partition is another member's. */
  held: boolean
  /** `true`: no more batches after the one under way. */
  ending: boolean
  /** Ends a wait, so that the two above are looked at. */
  wake: () => void
}

export type TurnContext = {
  readonly file: LogFile
  readonly commits: GroupCommits
  readonly group: Group
  readonly handle: BatchHandler
}

/** Calls `act` at the next beat, which all partitions of a member share. @returns calls that off. */
export type Pace = (act: () => void) => () => void

/** Hands the partition's records to the handler, batch by batch, for as long as it is held. @throws what the handler throws. */
export async function consumePartition(
  { file, commits, group, handle }: TurnContext,
  pace: Pace,
  ownership: Ownership,
): Promise<void> {
  const { partition, slot } = ownership
  while (ownership.held && !ownership.ending) {
    const position = group.positions[partition] ?? (0 as Offset)
    // A position past the end: this is not the log that was consumed. The first record's offset tells the handler so.
    const records = file.page(
      slot,
      position > slot.nextOffset ? (0 as Offset) : position,
      batchLimits,
    )
    if (records.length === 0) {
      await until(ownership, (act) => commits.onAppend(slot, act))
      continue
    }
    let lost = false
    const keepAlive = async () => !(lost ||= !ownership.held)
    const next = await handle({
      partition: partition as PartitionId,
      records,
      endOffset: slot.nextOffset as Offset,
      keepAlive,
    })
    if (lost) return
    group.positions[partition] = next
    commits.consumed(group.name, slot, next)
    if (bytesOf(records) < muchBytes) await until(ownership, pace)
    else await nextTurn() // A handler that never waits must not keep the process from everything else.
  }
}

const bytesOf = (records: readonly LogRecord[]): number =>
  records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)

/** Waits for what calls `act`, or for the ownership to change. */
function until(ownership: Ownership, wait: (act: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const callOff = wait(resolve)
    ownership.wake = () => {
      callOff()
      resolve()
    }
  })
}
