import type { LogRecord, Offset } from '@deskpulse/stream'

/** Records of one partition that came with one fetch. */
export type Fetched = {
  /** In offset order, never empty. */
  readonly records: readonly LogRecord[]
  readonly bytes: number
  /** The partition's end when they were fetched. */
  readonly endOffset: Offset
  /** What is read after them: more than the last record's offset + 1 where control records follow. */
  readonly next: number
}

/** What was fetched of one partition and not yet handed over, oldest first. */
export type Inbox = {
  put(fetched: Fetched): void
  /**
   * Takes what follows on each other, up to `batchBytesMax`, one fetch at least; `null`: there is nothing. Records between which the log lacks some are
   * never handed over together: whoever takes them must see the gap.
   */
  take(batchBytesMax: number): Fetched | null
  /** What is taken next. */
  first(): Fetched | null
  clear(): void
  bytes(): number
}

export function inbox(): Inbox {
  let waiting: Fetched[] = []
  let bytes = 0

  return {
    put(fetched) {
      waiting.push(fetched)
      bytes += fetched.bytes
    },
    take(batchBytesMax) {
      const first = waiting[0]
      if (first === undefined) return null
      let count = 1
      for (
        let sum = first.bytes;
        count < waiting.length && isNext(waiting[count - 1]!, waiting[count]!);
        count++
      ) {
        sum += waiting[count]!.bytes
        if (sum > batchBytesMax) break
      }
      const taken = merged(waiting.splice(0, count))
      bytes -= taken.bytes
      return taken
    },
    first: () => waiting[0] ?? null,
    clear() {
      waiting = []
      bytes = 0
    },
    bytes: () => bytes,
  }
}

const isNext = (before: Fetched, after: Fetched): boolean =>
  after.records[0]!.offset === before.next

function merged(parts: readonly Fetched[]): Fetched {
  const last = parts.at(-1)!
  if (parts.length === 1) return last
  return {
    ...last,
    records: parts.flatMap(({ records }) => records),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  }
}
