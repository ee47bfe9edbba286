import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import type { Offset, PartitionId } from '../event-log.ts'
import type { ChangeCursor, Epoch, Position } from '../state-store.ts'

/** A row of `positions`. `step`: commits since the acquisition, or since the offset last moved, that left the offset. A commit's number and stamp together are its cursor: a file put back from a copy repeats numbers, but not stamps. */
export type Standing = Position & {
  readonly epoch: Epoch | null
  readonly step: number
  readonly commits: number
  readonly stamp: number
}

export type Positions = {
  /** A partition that nobody has acquired yet: offset 0, times 0, no epoch. */
  of(partition: PartitionId): Standing
  set(partition: PartitionId, standing: Standing): void
}

type Row = {
  epoch: Epoch
  offset: Offset
  log_time: EpochMs
  watermark: EpochMs
  step: number
  commits: number
  stamp: number
}

const unowned: Standing = {
  ...{ epoch: null, offset: 0 as Offset, logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs },
  ...{ step: 0, commits: 0, stamp: 0 },
}

export function positionsIn(database: DatabaseSync): Positions {
  const select = database.prepare(
    'SELECT epoch, offset, log_time, watermark, step, commits, stamp FROM positions WHERE partition = ?',
  )
  const replace = database.prepare('REPLACE INTO positions VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  return {
    of(partition) {
      const row = select.get(partition) as Row | undefined
      if (row === undefined) return unowned
      const { epoch, offset, step, commits, stamp } = row
      return {
        epoch,
        offset,
        logTimeMs: row.log_time,
        watermarkMs: row.watermark,
        step,
        commits,
        stamp,
      }
    },
    set(partition, { epoch, offset, logTimeMs, watermarkMs, step, commits, stamp }) {
      replace.run(partition, epoch, offset, logTimeMs, watermarkMs, step, commits, stamp)
    },
  }
}

export const cursorOf = ({
  commits,
  stamp,
}: {
  readonly commits: number
  readonly stamp: number
}): ChangeCursor => `${commits}-${stamp}` as ChangeCursor

export function parseCursor(cursor: ChangeCursor): {
  readonly commits: number
  readonly stamp: number
} {
  const [commits, stamp] = cursor.split('-', 2).map(Number)
  return { commits: commits ?? NaN, stamp: stamp ?? NaN }
}
