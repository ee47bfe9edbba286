/**
 * How old the oldest raw input is that has not been forwarded. As soon as this process knows every partition of its share, by a batch or by asking, its own
 * partitions count; until then, after a start or while the group forms anew, what the log said of the whole group: nobody else may be there to say it.
 */
export type RawBacklog = {
  /** The handler has input of this append time, and is not through with it. */
  begin(partition: number, oldestAppendedAtMs: number): void
  /** Forwarded up to a record of this append time; `isAll`: there was nothing behind it. */
  end(partition: number, lastAppendedAtMs: number, isAll: boolean): void
  /** The partitions of this process now, none while the group forms; others are forgotten. */
  share(partitions: readonly number[]): void
  /** The log is asked now. @returns takes the answer: by partition the append time of the oldest record that the group has not consumed, `null`: none. */
  asking(nowMs: number): (oldestMs: readonly (number | null)[]) => void
  /** Whether every partition of the share is known, so that nothing need be asked. */
  isKnown(): boolean
  /** 0 = nothing waits; `null` = nobody knows yet. Never negative, though the clock may be behind the broker's. */
  ageMs(nowMs: number): number | null
}

export function rawBacklog(): RawBacklog {
  /** Of a partition the oldest input that waits, `null`: none. Absent: not known. */
  const own = new Map<number, number | null>()
  let shared: readonly number[] = []
  /** No input of the group is older. */
  let groupMs: number | null = null

  const isKnown = (): boolean =>
    shared.length > 0 && shared.every((partition) => own.has(partition))
  const waiting = (): number[] => [...own.values()].flatMap((oldestMs) => oldestMs ?? [])

  return {
    begin(partition, oldestAppendedAtMs) {
      own.set(partition, oldestAppendedAtMs)
    },
    end(partition, lastAppendedAtMs, isAll) {
      own.set(partition, isAll ? null : lastAppendedAtMs) // What follows was appended then or later.
    },
    share(partitions) {
      const wasKnown = isKnown()
      shared = partitions
      for (const partition of own.keys()) if (!partitions.includes(partition)) own.delete(partition)
      if (wasKnown || isKnown()) groupMs = null // It was old by then; a group that forms anew is asked about again.
    },
    asking(nowMs) {
      const asked = shared
      return (oldestMs) => {
        groupMs = Math.min(nowMs, ...oldestMs.flatMap((one) => one ?? []))
        for (const partition of asked)
          if (shared.includes(partition) && !own.has(partition))
            own.set(partition, oldestMs[partition] ?? null)
      }
    },
    isKnown,
    ageMs(nowMs) {
      if (!isKnown() && groupMs === null) return null
      const oldestMs = Math.min(...waiting(), isKnown() ? Infinity : (groupMs ?? Infinity))
      return oldestMs === Infinity ? 0 : Math.max(0, nowMs - oldestMs)
    },
  }
}
