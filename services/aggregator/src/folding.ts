import { secondMs } from '@deskpulse/core/time'
import { lastingFailures } from '@deskpulse/runtime'
import type { PartitionId, ProcessorTelemetry } from '@deskpulse/stream'

type Committed = { readonly lag: number; readonly logTimeMs: number }

export type Folding = {
  /** What the processor tells; nothing else is needed. */
  readonly told: Pick<ProcessorTelemetry, 'committed' | 'lost' | 'waiting'>
  /** A readiness check of the partitions that are assigned: one that went to another process is not always told of. @throws Error that says which partition is not folded, or is folded too late, and why. */
  check(assigned: readonly PartitionId[]): void
}

export type FoldingOptions = {
  /** How far the folds may be behind records that are there. */
  readonly lagMaxMs: number
  /** Wall clock. */
  readonly nowMs: () => number
}

const nameOf = (partition: PartitionId): string => `folding partition ${partition}`

/** Whether the partitions of this process are folded: commits come through, and they are not far behind the log. */
export function foldingOf({ lagMaxMs, nowMs }: FoldingOptions): Folding {
  const failures = lastingFailures()
  const last = new Map<PartitionId, Committed>()
  const known = new Set<PartitionId>()

  function forget(partition: PartitionId): void {
    failures.over(nameOf(partition))
    last.delete(partition)
    known.delete(partition)
  }

  return {
    told: {
      committed(partition, { lag, change: { logTimeMs } }) {
        known.add(partition)
        failures.over(nameOf(partition))
        last.set(partition, { lag, logTimeMs })
      },
      lost: forget,
      waiting(partition, error) {
        known.add(partition)
        failures.failed(nameOf(partition), error)
      },
    },
    check(assigned) {
      for (const partition of known) if (!assigned.includes(partition)) forget(partition)
      failures.check()
      for (const [partition, { lag, logTimeMs }] of last) {
        const behindMs = nowMs() - logTimeMs
        if (lag === 0 || behindMs <= lagMaxMs) continue
        throw new Error(
          `partition ${partition} is ${Math.floor(behindMs / secondMs)} s behind: ${lag} records are not yet folded`,
        )
      }
    },
  }
}
