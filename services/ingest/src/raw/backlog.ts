/** How old the oldest raw input is that has not been forwarded, by partition. */
export type RawBacklog = {
  /** The handler has input of this append time, and is not through with it. */
  begin(partition: number, oldestAppendedAtMs: number): void
  /** Forwarded up to a record of this append time; `isAll`: there was nothing behind it. */
  end(partition: number, lastAppendedAtMs: number, isAll: boolean): void
  /** Forgets partitions that are another's now. */
  keepOnly(partitions: readonly number[]): void
  /** 0 = nothing is waiting. Never negative, though the clock may be behind the broker's. */
  ageMs(nowMs: number): number
}

export function rawBacklog(): RawBacklog {
  const oldest = new Map<number, number>()
  return {
    begin(partition, oldestAppendedAtMs) {
      oldest.set(partition, oldestAppendedAtMs)
    },
    end(partition, lastAppendedAtMs, isAll) {
      if (isAll) oldest.delete(partition)
      else oldest.set(partition, lastAppendedAtMs) // What follows was appended then or later.
    },
    keepOnly(partitions) {
      const kept = new Set(partitions)
      for (const partition of oldest.keys()) if (!kept.has(partition)) oldest.delete(partition)
    },
    ageMs(nowMs) {
      return oldest.size === 0 ? 0 : Math.max(0, nowMs - Math.min(...oldest.values()))
    },
  }
}
