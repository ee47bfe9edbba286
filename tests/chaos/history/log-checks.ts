import type { EventKey, Sent } from './history.ts'
import type { Sighting, Sightings } from './log-reader.ts'

/** A partition as it is in the end. */
export type FinalPartition = {
  readonly partition: number
  readonly records: readonly Sighting[]
  /** The events of its records, in order, repeats included; `content` tells two of one identity apart. */
  readonly events: readonly { readonly key: EventKey; readonly content: string }[]
}

export type LogHistory = {
  readonly sent: ReadonlyMap<EventKey, Sent>
  /** The same, acknowledged as appended to this very log; what went through another topic first has no order here. */
  readonly ordered: ReadonlyMap<EventKey, Sent>
  readonly contentOf: (key: EventKey) => string | undefined
  readonly readers: readonly Sightings[]
  readonly final: readonly FinalPartition[]
}

/**
 * What a log must never do, after Jepsen's tests of Kafka, each in words: *lost* (acknowledged, and not in the log although the log is read beyond it),
 * *diverged* (two reads of one offset differ, or one of them found nothing), *gap* (an offset without a record between others), *inversion* (sent after
 * another was acknowledged, and before it in the log; or read backwards), *made up* (in the log, and never sent so).
 */
export function logFaults(history: LogHistory): string[] {
  return [
    ...lost(history),
    ...diverged(history),
    ...gaps(history),
    ...inversions(history),
    ...madeUp(history),
  ]
}

function lost({ sent, final }: LogHistory): string[] {
  const found = new Set(final.flatMap(({ events }) => events.map(({ key }) => key)))
  return [...sent].flatMap(([key, { ackedMs }]) =>
    ackedMs < Infinity && !found.has(key) ? [`lost: ${key}`] : [],
  )
}

function diverged({ readers, final }: LogHistory): string[] {
  const wanted = new Map(
    final.map(({ partition, records }) => [
      partition,
      new Map(records.map(({ offset, digest }) => [offset, digest])),
    ]),
  )
  return readers.flatMap(({ reader, partition, seen }) =>
    seen.flatMap(({ offset, digest }) => {
      const last = wanted.get(partition)?.get(offset)
      if (last === digest) return []
      return [
        `diverged: what ${reader} read at ${partition}/${offset} is ${last === undefined ? 'gone' : 'another record'} in the end`,
      ]
    }),
  )
}

/** The log has no transactions and keeps everything: its offsets are 0, 1, 2 … */
function gaps({ readers, final }: LogHistory): string[] {
  const reads = [
    ...readers,
    ...final.map(({ partition, records }) => ({
      reader: 'the final read',
      partition,
      seen: records,
    })),
  ]
  return reads.flatMap(({ reader, partition, seen }) => {
    const offsets = new Set(seen.map(({ offset }) => offset))
    return Array.from({ length: (seen.at(-1)?.offset ?? -1) + 1 }, (_, offset) => offset).flatMap(
      (offset) =>
        offsets.has(offset) ? [] : [`gap: ${reader} found nothing at ${partition}/${offset}`],
    )
  })
}

function inversions({ readers, final, ordered }: LogHistory): string[] {
  const backwards = readers.flatMap(({ reader, partition, seen }) =>
    seen.flatMap(({ offset }, at) =>
      at > 0 && offset <= seen[at - 1]!.offset
        ? [`inversion: ${reader} read ${partition}/${offset} after ${seen[at - 1]!.offset}`]
        : [],
    ),
  )
  return [...backwards, ...final.flatMap(({ events }) => againstTime(events, ordered))]
}

/** By the first time that each event is in the partition: its acknowledgement must not come before the invocation of one that stands before it. */
function againstTime(events: FinalPartition['events'], ordered: LogHistory['ordered']): string[] {
  const seen = new Set<EventKey>()
  const found: string[] = []
  let latest: { readonly key: EventKey; readonly invokedMs: number } | null = null
  for (const { key } of events) {
    const one = ordered.get(key)
    if (one === undefined || seen.has(key)) continue
    seen.add(key)
    if (latest !== null && one.ackedMs < latest.invokedMs)
      found.push(
        `inversion: ${latest.key} is before ${key}, and was sent after its acknowledgement`,
      )
    if (latest === null || one.invokedMs > latest.invokedMs)
      latest = { key, invokedMs: one.invokedMs }
  }
  return found
}

function madeUp({ final, contentOf }: LogHistory): string[] {
  return final.flatMap(({ partition, events }) =>
    events.flatMap(({ key, content }) =>
      contentOf(key) === content
        ? []
        : [`made up: partition ${partition} has ${key} as nobody sent it`],
    ),
  )
}
